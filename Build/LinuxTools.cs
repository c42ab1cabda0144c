namespace LockLeak.Build;

/// <summary>What a Debian or Ubuntu needs to link and run Windows programs, and to test.</summary>
internal static class LinuxTools
{
    private static readonly Tool[] ToRun =
    [
        new("lld-19", () => Linker is not null),
        new("gcc-mingw-w64-x86-64", () => Shell.Find("x86_64-w64-mingw32-gcc") is not null),
        new("wine64", () => Wine.Loader is not null),
    ];

    private static readonly string[] Browsers = ["chromium", "chromium-browser", "google-chrome"];

    private static readonly Tool[] ToTest =
    [
        new("llvm-19", () => Shell.Find("llc-19") is not null),
        new("nodejs", () => Shell.Find("node") is not null),
        new("jq", () => Shell.Find("jq") is not null),
        new("postgresql", () => Directory.Exists("/usr/lib/postgresql")),
        new("chromium", () => Array.Exists(Browsers, name => Shell.Find(name) is not null)),
    ];

    // 19 makes the images of the tests' kernels as they are in the repository; any other links as well.
    private static readonly string[] Linkers =
        ["lld-link-19", "lld-link", .. Enumerable.Range(14, 16).Reverse().Select(version => $"lld-link-{version}")];

    /// <summary>LLVM's linker for Windows, by the name that it has here; null where there is none.</summary>
    public static string? Linker => Array.Find(Linkers, name => Shell.Find(name) is not null);

    /// <summary>Installs what is missing to build and run.</summary>
    /// <exception cref="BuildException">That is not possible here; the message says what the user can install.</exception>
    public static void Install() => Install(ToRun, []);

    /// <summary>Installs what is missing to build, run and test. Tests that need what cannot be had here leave themselves out.</summary>
    /// <exception cref="BuildException">
    /// What building needs cannot be installed here; the message says what the user can install.
    /// </exception>
    public static void InstallForTests()
    {
        try
        {
            Install(ToRun, ToTest);
        }
        catch (BuildException e) when (Missing(ToRun).Length == 0)
        {
            Shell.Say($"Tests are left out that need {string.Join(' ', Missing(ToTest))}: {e.Message}");
        }
    }

    private static void Install(Tool[] needed, Tool[] useful)
    {
        string[] missing = Missing(needed), missed = Missing(useful);
        if (missing.Length + missed.Length == 0)
        {
            return;
        }

        Apt.Install(missing, missed, isRoot: Environment.IsPrivilegedProcess, canType: !Console.IsInputRedirected);
        if (Missing(needed) is { Length: > 0 } still)
        {
            throw new BuildException($"{string.Join(' ', still)} was installed, and what is needed of it is not on the PATH");
        }
    }

    private static string[] Missing(Tool[] needed) => [.. needed.Where(tool => !tool.IsThere()).Select(tool => tool.Package)];

    /// <summary>A package of Debian and Ubuntu, and whether what it is needed for is there, from wherever it came.</summary>
    private sealed record Tool(string Package, Func<bool> IsThere);
}
