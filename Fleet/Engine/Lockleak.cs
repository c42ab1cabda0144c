namespace LockLeak.Fleet.Engine;

/// <summary>Asks lockleak about a dump, each in a process of its own.</summary>
/// <param name="program">lockleak, or a script that starts it.</param>
/// <param name="symbols">The symbol path; null for lockleak's own.</param>
/// <param name="limits">What a dump may cost.</param>
internal sealed class Lockleak(string program, string? symbols, Limits limits)
{
    private const int CouldNotRun = 2;
    private const int RetriesOfDead = 2, RetriesOfHung = 1;

    /// <summary>Gets the report on a dump, or the reason why it can never be read.</summary>
    /// <exception cref="DumpFailure">There is neither.</exception>
    public async Task<Report> AskAsync(string dump, CancellationToken cancelled)
    {
        string[] path = symbols is null ? [] : ["-y", symbols];
        ProgramRun run = await ProgramRun.RunAsync(program,
            ["-z", dump, .. path, "-json", "--timeout", $"{limits.Time.TotalSeconds:0.###}"], limits, cancelled);
        if (run.Exceeded is { } limit)
        {
            throw new DumpFailure($"lockleak {limit} and was ended", run.TimedOut ? RetriesOfHung : RetriesOfDead);
        }

        if (run.ExitCode is < 0 or > CouldNotRun)
        {
            throw new DumpFailure($"lockleak died: {Died(run.ExitCode)}{(run.LastError.Length > 0 ? $" ({run.LastError})" : "")}",
                RetriesOfDead);
        }

        Report? answer = Report.Read(run.Output);
        return answer switch
        {
            { Error: null } when run.ExitCode < CouldNotRun => answer,
            { Error: not null, Permanent: true } => answer,
            { Error: { } error } => throw new DumpFailure(error, answer.TimedOut ? RetriesOfHung : RetriesOfDead),
            _ => throw new DumpFailure(run.LastError.Length > 0 ? run.LastError : "lockleak gave no answer", RetriesOfDead),
        };
    }

    private static string Died(int exitCode) => exitCode switch
    {
        _ when OperatingSystem.IsWindows() => $"exit code 0x{exitCode:x8}",
        > 128 => $"signal {exitCode - 128}",
        _ => $"exit code {exitCode}",
    };
}
