using System.Diagnostics;

namespace LockLeak.Build;

/// <summary>Starts the Windows programs of this repository: as they are on Windows, through Wine elsewhere.</summary>
internal static class Wine
{
    /// <summary>The program that starts Windows programs; null where there is none. Looked for each time: it may have been installed just now.</summary>
    public static string? Loader => new[] { Shell.Find("wine64"), "/usr/lib/wine/wine64", Shell.Find("wine") }.FirstOrDefault(File.Exists);

    /// <summary>The folder that Wine takes for its Windows.</summary>
    public static string Prefix { get; } = Environment.GetEnvironmentVariable("WINEPREFIX") is { Length: > 0 } given ? given : Repository.Path("artifacts", "wine");

    /// <summary>How to start a program.</summary>
    public static ProcessStartInfo Start(string program, params IEnumerable<string> arguments)
    {
        if (OperatingSystem.IsWindows())
        {
            return new ProcessStartInfo(program, arguments);
        }

        return InPrefix(new ProcessStartInfo(Loader ?? "wine64", [program, .. arguments]));
    }

    /// <summary>
    /// Starts Wine's server, services and desktop. The first program that needs them would start them and pass its own output on
    /// to them: whoever reads the output of that program to its end waits for the end of all others too. They end a minute after
    /// the last program.
    /// </summary>
    /// <param name="program">A program that needs what the others need.</param>
    /// <param name="arguments">Its arguments.</param>
    public static void StartServices(string program, params IEnumerable<string> arguments)
    {
        if (!OperatingSystem.IsWindows() && new[] { "/usr/lib/wine/wineserver64", Shell.Find("wineserver") }.FirstOrDefault(File.Exists) is { } server)
        {
            foreach (ProcessStartInfo start in (ProcessStartInfo[])[InPrefix(new ProcessStartInfo(server, ["-p60"])), Start(program, arguments)])
            {
                // Theirs, and closed at once.
                start.RedirectStandardOutput = start.RedirectStandardError = true;
                Shell.ExitCode(start);
            }
        }
    }

    private static ProcessStartInfo InPrefix(ProcessStartInfo start)
    {
        start.Environment["WINEPREFIX"] = Prefix;
        start.Environment["WINEARCH"] = "win64";
        start.Environment["WINEDEBUG"] = "-all";
        // Wine has stand-ins of the engine's DLLs, which it prefers; mscoree and mshtml would ask to be downloaded. Nothing here has
        // a window, and without XDG_RUNTIME_DIR the driver for Wayland of Wine 10 complains on standard error.
        start.Environment["WINEDLLOVERRIDES"] = "dbgeng,dbghelp,dbgcore,dbgmodel,msdia140=n;mscoree,mshtml,winewayland.drv=";
        start.Environment.Remove("DISPLAY");
        return start;
    }

    /// <summary>Makes the prefix if there is none.</summary>
    /// <exception cref="BuildException">That does not work.</exception>
    public static void MakePrefix()
    {
        // Wine writes it last.
        if (OperatingSystem.IsWindows() || File.Exists(Path.Combine(Prefix, "system.reg")))
        {
            return;
        }

        Shell.Say($"Making a Wine prefix in {Prefix}, once, about 20 seconds ...");
        Directory.CreateDirectory(Prefix);
        foreach (string[] command in (string[][])[["wineboot", "--init"], ["winecfg", "-v", "win10"]])
        {
            ProcessStartInfo start = Start(command[0], command[1..]);
            start.RedirectStandardError = true; // it complains about the 32-bit part that is not installed
            if (Shell.ExitCode(start) != 0)
            {
                throw new BuildException($"Wine cannot make its prefix: {string.Join(' ', command)} fails in {Prefix}");
            }
        }
    }
}
