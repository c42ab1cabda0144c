using System.Diagnostics;

namespace LockLeak.Build;

/// <summary>The tests with damage, for longer and with fresh seeds. Each gives 0 when every answer was as it has to be.</summary>
internal static class FuzzRun
{
    /// <summary>Damages machines in memory.</summary>
    /// <param name="minutes">For how long.</param>
    public static int Memory(string minutes) => Run("Commands.Tests", "FuzzTests", "LOCKLEAK_FUZZ_MINUTES", minutes);

    /// <summary>Damages dumps for the engine to open.</summary>
    /// <param name="count">How many.</param>
    public static int Dumps(string count) => Run("Engine.Tests", "DamagedDumpTests", "LOCKLEAK_FUZZ_DUMPS", count);

    /// <summary>Damages the link to live machines.</summary>
    /// <param name="count">How many sessions.</param>
    public static int Sessions(string count) => Run("Engine.Tests", "DamagedSessionTests", "LOCKLEAK_FUZZ_SESSIONS", count);

    private static int Run(string project, string tests, string variable, string value)
    {
        string[] filter = ["--filter", $"FullyQualifiedName~{tests}"];
        string[] arguments = ["run", "--project", $"Tests/{project}", "--configuration", "Release", "--", .. filter];
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Repository.Root };
        start.Environment[variable] = value;
        File.Delete(Repository.FuzzFigures);
        int exitCode = Shell.ExitCode(start);
        Console.Write(File.Exists(Repository.FuzzFigures) ? File.ReadAllText(Repository.FuzzFigures) : "no test ran\n");
        return exitCode;
    }
}
