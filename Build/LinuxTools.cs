using System.Diagnostics;

namespace LockLeak.Build;

/// <summary>What a Debian or Ubuntu needs to link and run Windows programs, and to test.</summary>
internal static class LinuxTools
{
    private static readonly Tool[] ToRun =
    [
        new("lld-19", () => Shell.Find("lld-link-19") is not null),
        new("gcc-mingw-w64-x86-64", () => Shell.Find("x86_64-w64-mingw32-gcc") is not null),
        new("wine64", () => Wine.Loader is not null),
    ];

    private static readonly Tool[] ToTest =
    [
        new("nodejs", () => Shell.Find("node") is not null),
        new("jq", () => Shell.Find("jq") is not null),
        new("chromium", () => Shell.Find("chromium") is not null),
        new("postgresql", () => Directory.Exists("/usr/lib/postgresql")), // Debian keeps its programs off the PATH
    ];

    /// <summary>Installs what is missing to build and run.</summary>
    /// <exception cref="BuildException">That is not possible here; the message says what the user can install.</exception>
    public static void Install() => Install(ToRun);

    /// <summary>Installs what is missing to build, run and test.</summary>
    /// <exception cref="BuildException">That is not possible here; the message says what the user can install.</exception>
    public static void InstallForTests() => Install([.. ToRun, .. ToTest]);

    private static void Install(Tool[] needed)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string[] missing = [.. needed.Where(tool => !tool.IsThere()).Select(tool => tool.Package)];
        if (missing.Length == 0)
        {
            return;
        }

        Shell.Say($"Installing {string.Join(' ', missing)} with apt-get ...");
        if (!Apt("update", "--quiet=2") || !Apt(["install", "--yes", "--quiet=2", "--no-install-recommends", .. missing]) || needed.Any(tool => !tool.IsThere()))
        {
            throw new BuildException($"please install these packages of Debian or Ubuntu, then try again: {string.Join(' ', missing)}");
        }
    }

    private static bool Apt(params string[] arguments)
    {
        string[] command = Environment.IsPrivilegedProcess ? ["apt-get"] : ["sudo", "apt-get"];
        var start = new ProcessStartInfo(command[0], [.. command[1..], .. arguments]);
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        try
        {
            return Shell.ExitCode(start) == 0;
        }
        catch (BuildException)
        {
            return false;
        }
    }

    /// <summary>A package of Debian and Ubuntu, and whether what it is needed for is there, from wherever it came.</summary>
    private sealed record Tool(string Package, Func<bool> IsThere);
}
