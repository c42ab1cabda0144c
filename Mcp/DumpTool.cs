using System.Text.RegularExpressions;

namespace LockLeak.Mcp;

/// <summary>A tool that asks one dump one command of LockLeak's; the answer is the command's JSON (docs/json.md).</summary>
internal sealed partial class DumpTool : LockTool
{
    private static readonly Parameter Dump = new("dump", "The dump: its path, or its file name, as list_dumps gives it.");

    private readonly DumpFolders dumps;
    private readonly LockleakProgram lockleak;
    private readonly string command;
    private readonly Parameter? address;

    private DumpTool(
        DumpFolders dumps, LockleakProgram lockleak, string name, string command, string description, Parameter? address = null)
        : base(name, description, address is null ? [Dump] : [Dump, address])
    {
        this.dumps = dumps;
        this.lockleak = lockleak;
        this.command = command;
        this.address = address;
    }

    /// <summary>All of them.</summary>
    public static IEnumerable<DumpTool> All(DumpFolders dumps, LockleakProgram lockleak) =>
    [
        new(dumps, lockleak, "lock_report", "!lockleak",
            "What leaked, who owns it, who waits: findings with their certainty, chains of waiters, " +
            "the threads and locks that take part, and notes on what could not be read."),
        new(dumps, lockleak, "thread_locks", "!threadlocks", "What threads hold and wait for; with a thread all of its lock entries.",
            new Parameter("thread", "Address of the thread (_ETHREAD), in hexadecimal, as another answer has it.", IsRequired: false)),
        new(dumps, lockleak, "push_lock", "!pushlock", "One lock, decoded, with its owners and waiters.",
            new Parameter("address", "Address of the lock, in hexadecimal, as another answer has it.")),
    ];

    protected override async Task<(string Text, bool IsError)> AnswerAsync(Func<string, string?> argument, CancellationToken cancellation)
    {
        if (dumps.Find(argument(Dump.Name) ?? "") is not { } dump)
        {
            return ("There is no such dump; list_dumps lists them.", true);
        }

        string? number = address is null ? null : argument(address.Name);
        if (address is { IsRequired: true } && number is null || number is not null && !Address().IsMatch(number))
        {
            return ($"{address!.Name} has to be an address in hexadecimal, such as 0xffffc7883a0f6f70.", true);
        }

        return await lockleak.AskAsync(dump, number is null ? command : $"{command} {number}", cancellation);
    }

    // Nothing else becomes part of a command: what the debugger evaluates could as well be another command.
    [GeneratedRegex("^(0x)?([0-9a-f]{1,16}|[0-9a-f]{1,8}`[0-9a-f]{8})$", RegexOptions.IgnoreCase | RegexOptions.ECMAScript)]
    private static partial Regex Address();
}
