using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace LockLeak.Build;

/// <summary>All tests of the solution, and one line that sums them up.</summary>
internal static partial class TestRun
{
    /// <summary>Runs them; 0 when all passed, and there were some.</summary>
    public static int Run()
    {
        var start = new ProcessStartInfo("dotnet", ["test", "--solution", "LockLeak.sln", "--configuration", "Release"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en"; // the summary is read below
        using Process process = Process.Start(start)!;
        int passed = 0, failed = 0;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            Console.WriteLine(line);
            if (Count().Match(line) is { Success: true } count)
            {
                int number = int.Parse(count.Groups["number"].Value, CultureInfo.InvariantCulture);
                (passed, failed) = count.Groups["what"].Value == "succeeded" ? (number, failed) : (passed, number);
            }
        }

        process.WaitForExit();
        Console.WriteLine($"{passed} passed, {failed} failed");
        return process.ExitCode == 0 && passed > 0 && failed == 0 ? 0 : 1;
    }

    // "  succeeded: 12" of the summary of dotnet test on Microsoft.Testing.Platform.
    [GeneratedRegex(@"^\s*(?<what>succeeded|failed): (?<number>\d+)$")]
    private static partial Regex Count();
}
