using System.Diagnostics;

namespace LockLeak.Build;

/// <summary>Starts the Windows programs of this repository: as they are on Windows, through Wine elsewhere.</summary>
internal static class Wine
{
    /// <summary>
    /// The program that starts Windows programs; null where there is none. Looked for each time: it may have been installed just
    /// now.
    /// </summary>
    public static string? Loader => new[] { Shell.Find("wine64"), "/usr/lib/wine/wine64", Shell.Find("wine") }.FirstOrDefault(File.Exists);

    /// <summary>What all Windows programs of a prefix talk to; null where there is none.</summary>
    public static string? Server =>
        new[] { Shell.Find("wineserver64"), "/usr/lib/wine/wineserver64", Shell.Find("wineserver") }.FirstOrDefault(File.Exists);

    /// <summary>The folder that Wine takes for its Windows. Wine wants a whole path.</summary>
    public static string Prefix =>
        GivenPrefix is { } given ? Path.GetFullPath(given, Repository.CalledFrom) : Repository.Path("artifacts", "wine");

    /// <summary>Whether it is a folder of this repository, and not the user's own.</summary>
    public static bool IsPrefixOurs => GivenPrefix is null;

    private static string? GivenPrefix => Environment.GetEnvironmentVariable("WINEPREFIX") is { Length: > 0 } given ? given : null;

    /// <summary>How to start a program.</summary>
    public static ProcessStartInfo Start(string program, params IEnumerable<string> arguments) =>
        OperatingSystem.IsWindows()
            ? new ProcessStartInfo(program, arguments)
            : InPrefix(new ProcessStartInfo(Loader ?? "wine64", [program, .. arguments]), Prefix);

    /// <summary>
    /// Starts Wine's server, services and desktop. The first program that needs them would start them and pass its own output on
    /// to them: whoever reads the output of that program to its end waits for the end of all others too. They end a minute after
    /// the last program.
    /// </summary>
    /// <param name="program">A program that needs what the others need.</param>
    /// <param name="arguments">Its arguments.</param>
    public static void StartServices(string program, params IEnumerable<string> arguments)
    {
        if (!OperatingSystem.IsWindows() && Server is { } server)
        {
            ProcessStartInfo startServer = InPrefix(new ProcessStartInfo(server, ["-p60"]), Prefix);
            foreach (ProcessStartInfo start in (ProcessStartInfo[])[startServer, Start(program, arguments)])
            {
                // Theirs, and closed at once.
                start.RedirectStandardOutput = start.RedirectStandardError = true;
                Shell.ExitCode(start);
            }
        }
    }

    /// <summary>Sets up a program of Wine's for a prefix.</summary>
    public static ProcessStartInfo InPrefix(ProcessStartInfo start, string prefix)
    {
        start.Environment["WINEPREFIX"] = prefix;
        start.Environment["WINEARCH"] = "win64";
        start.Environment["WINEDEBUG"] = "-all";
        // Wine has stand-ins of the engine's DLLs, which it prefers; mscoree and mshtml would ask to be downloaded. Nothing here has
        // a window, and without XDG_RUNTIME_DIR the driver for Wayland of Wine 10 complains on standard error.
        start.Environment["WINEDLLOVERRIDES"] = "dbgeng,dbghelp,dbgcore,dbgmodel,msdia140=n;mscoree,mshtml,winewayland.drv=";
        start.Environment.Remove("DISPLAY");
        // Paths may have any letters, and messages are in one language.
        start.Environment["LC_ALL"] = "C.UTF-8";
        return start;
    }
}
