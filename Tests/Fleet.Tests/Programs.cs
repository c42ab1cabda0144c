using System.Diagnostics;
using LockLeak.Build;

namespace LockLeak.Fleet.Tests;

/// <summary>Programs that stand for lockleak.</summary>
internal static class Programs
{
    /// <summary>A shell script; the path of the dump is in $2, as in "lockleak -z dump ...".</summary>
    public static string Script(TemporaryFolder folder, string script)
    {
        string path = folder.Write($"lockleak{Guid.NewGuid():n}", $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return path;
    }

    /// <summary>One that finds nothing, and finds it at once.</summary>
    public static string FindsNothing(TemporaryFolder folder) => Script(folder, $"echo '{Answer()}'");

    /// <summary>A report with findings, of which these are the members.</summary>
    public static string Answer(params IEnumerable<string> findings)
    {
        string objects = string.Join(',', findings.Select(members => $"{{{members}}}"));
        return $$$"""
            {"schema":"lockleak/1","command":"lockleak","target":{"kind":"dump","build":22621,"revision":"22621.2506","machine":"LAB-7","stopTime":"2026-02-03T04:05:06.789Z","bugCheck":{"code":"0x153"}},"findings":[{{{objects}}}]}
            """;
    }

    /// <summary>The real one; dumps whose name says so are bad for it in ways that no small file can be.</summary>
    public static string Engine(TemporaryFolder folder)
    {
        ProcessStartInfo start = Wine.Start(Path.Combine(Repository.Binaries, "lockleak.exe"));
        IEnumerable<string> environment =
            start.Environment.Where(variable => variable.Key.StartsWith("WINE", StringComparison.Ordinal))
            .Select(variable => $"'{variable.Key}={variable.Value}'");
        return Script(folder, $"""
            case $2 in
                */a-hangs*) sleep 600 & wait;;
                */kills*) kill -SEGV $$;;
                */fills*) head -c 60M /dev/zero > "$TMP/file"; sleep 600;;
            esac
            exec env -u DISPLAY {string.Join(' ', environment)} '{start.FileName}' '{string.Join("' '", start.ArgumentList)}' "$@"
            """);
    }
}
