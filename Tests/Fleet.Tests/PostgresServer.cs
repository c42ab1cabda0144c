using System.Diagnostics;

namespace LockLeak.Fleet.Tests;

/// <summary>A PostgreSQL of one test, in a folder of its own, that only listens to a socket there.</summary>
internal sealed class PostgresServer : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pg-");

    /// <summary>Makes and starts one.</summary>
    public PostgresServer()
    {
        if (Environment.IsPrivilegedProcess)
        {
            Run("chown", "postgres", folder.FullName); // PostgreSQL does not run as root; its package has made this user
        }

        Run(Program("initdb"), "--pgdata", Data, "--username", "fleet", "--auth", "trust", "--no-locale", "--encoding", "UTF8",
            "--no-sync");
        Start();
    }

    /// <summary>False where PostgreSQL is not installed.</summary>
    public static bool IsInstalled => Folder is not null;

    /// <summary>How it is reached.</summary>
    public string ConnectionString => $"Host={folder.FullName};Username=fleet;Database=postgres;Timeout=5";

    private string Data => Path.Combine(folder.FullName, "data");

    private static string? Folder { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
            .Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Order().LastOrDefault()
        : null;

    /// <summary>Starts it again.</summary>
    public void Start() =>
        Run(Program("pg_ctl"), "start", "--wait", "--pgdata", Data, "--log", Path.Combine(folder.FullName, "log"), "--options",
            $"-k {folder.FullName} -c listen_addresses='' -c fsync=off");

    /// <summary>Stops it as a power cut would: connections break in the middle of what they do.</summary>
    public void Crash() => Run(Program("pg_ctl"), "stop", "--wait", "--pgdata", Data, "--mode", "immediate");

    public void Dispose()
    {
        Crash();
        folder.Delete(recursive: true);
    }

    private static string Program(string name) => Path.Combine(Folder!, name);

    private static void Run(string program, params string[] arguments)
    {
        string[] command = Environment.IsPrivilegedProcess && program != "chown"
            ? ["runuser", "--user", "postgres", "--", program, .. arguments] : [program, .. arguments];
        // What it starts keeps the output: a server would be waited for.
        using Process process = Process.Start(
            new ProcessStartInfo("sh", ["-c", "\"$@\" > /dev/null", "sh", .. command]) { WorkingDirectory = "/" })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"exit code {process.ExitCode} of {string.Join(' ', command)}");
        }
    }
}
