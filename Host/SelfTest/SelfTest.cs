using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace LockLeak.Host;

/// <summary>
/// Asks all dumps of a folder what they say of the tool: whether each is answered, whether its kernel agrees with itself, and whether
/// the answers do. What comes out has no contents of memory, so that it can go into a bug report.
/// </summary>
internal static class SelfTest
{
    /// <summary>What each dump is asked.</summary>
    private const string Question = "!lockleak -check";

    /// <summary>Asks them all; gives the exit code.</summary>
    /// <param name="folder">The folder; dumps in folders within it count as well.</param>
    /// <param name="options">Symbol path, time limit, and whether the answer is to be JSON.</param>
    /// <exception cref="HostException">There is no such folder, or no dump in it.</exception>
    public static int Run(string folder, Options options)
    {
        var stop = new UserStop();
        List<SelfTestDump> dumps = [];
        foreach (string file in FilesIn(folder).TakeWhile(_ => !stop.HasCome))
        {
            SelfTestDump dump = Ask(file, Path.GetRelativePath(folder, file), options);
            dumps.Add(dump);
            foreach (string line in options.Json ? [] : dump.Lines())
            {
                Console.Out.WriteLine(line);
            }
        }

        var report = new SelfTestReport(dumps);
        Console.Out.WriteLine(options.Json ? report.Json() : $"\n{report.Line}");
        return stop.HasCome ? ExitCode.CouldNotRun : report.Result;
    }

    private static string[] FilesIn(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new HostException(ErrorCode.NoSuchFile, $"no such folder: {folder}");
        }

        var everywhere = new EnumerationOptions { RecurseSubdirectories = true, MatchCasing = MatchCasing.CaseInsensitive };
        string[] files = [.. Directory.EnumerateFiles(folder, "*.dmp", everywhere).Order(StringComparer.OrdinalIgnoreCase)];
        return files.Length > 0 ? files : throw new HostException(ErrorCode.NoSuchFile, $"no file in {folder} is named *.dmp");
    }

    private static SelfTestDump Ask(string file, string name, Options options)
    {
        var clock = Stopwatch.StartNew();
        Options one = options with { Commands = [Question], Json = true };
        using Process process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, one.ArgumentsFor(file))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        })!;
        string printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (ReportLine.Find(printed, out _) is not [var line])
        {
            return new SelfTestDump(name, clock.ElapsedMilliseconds)
            {
                Error = new Error(ErrorCode.EngineDied.Name, $"no answer, and exit code 0x{process.ExitCode:x8}",
                    ErrorCode.EngineDied.IsPermanent),
            };
        }

        using JsonDocument answer = JsonDocument.Parse(line);
        return SelfTestDump.Of(name, clock.ElapsedMilliseconds, answer.RootElement);
    }
}
