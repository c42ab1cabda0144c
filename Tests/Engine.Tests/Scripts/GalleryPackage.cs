using System.Diagnostics;
using System.IO.Compression;
using LockLeak.Build;

namespace LockLeak.Engine.Tests.Scripts;

/// <summary>
/// What ./build.sh package makes, unpacked once in a run of the tests: installed by its script for a user of its own. Tests that use it
/// run alone.
/// </summary>
internal static class GalleryPackage
{
    // Unblock-File, which is on Windows only.
    private const string Unblock = "function Unblock-File { process { } }";

    /// <summary>Where it is unpacked.</summary>
    public static string Folder { get; } = Unpack();

    /// <summary>A user who has installed it.</summary>
    public static string Install()
    {
        string home = NewHome();
        Assert.StartsWith("LockLeak is installed in ", Run("install.ps1", home));
        return home;
    }

    /// <summary>The %LOCALAPPDATA% of a user who has installed nothing.</summary>
    /// <remarks>Its blank has Wine put it into quotes, so that cmd takes nothing behind it for a part of it.</remarks>
    public static string NewHome() => Directory.CreateDirectory(Dumps.Elsewhere("local data")).FullName;

    /// <summary>What a script of the package says to a user; null is one without a %LOCALAPPDATA%.</summary>
    public static string Run(string script, string? home, string machine = "AMD64")
    {
        PowerShellScript run = InHome(home,
            () => PowerShellScript.Run(Path.Combine(Folder, script), cmdlets: $"$env:PROCESSOR_ARCHITECTURE = '{machine}'; {Unblock}"));
        return string.Join('\n', run.Output.Select(line => line.ToString())) + run.Error;
    }

    /// <summary>Does something as a user.</summary>
    public static T InHome<T>(string? home, Func<T> run)
    {
        string? real = Environment.GetEnvironmentVariable("LOCALAPPDATA");
        Environment.SetEnvironmentVariable("LOCALAPPDATA", home);
        try
        {
            return run();
        }
        finally
        {
            Environment.SetEnvironmentVariable("LOCALAPPDATA", real);
        }
    }

    /// <summary>A debugger of a user, on the walk-through.</summary>
    public static Debugger Open(string home)
    {
        Dump dump = Dumps.Of("pushlock153");
        string[] arguments = ["-z", dump.Path, "-y", dump.Symbols, "-i", dump.Symbols, "--bare", "--script"];
        ProcessStartInfo start = Lockleak.Start(arguments);
        if (OperatingSystem.IsWindows())
        {
            start.Environment["LOCALAPPDATA"] = home;
        }
        else
        {
            // Wine gives the first process its own LOCALAPPDATA; those that this one starts inherit.
            start.WorkingDirectory = Repository.Binaries;
            start.ArgumentList.Clear();
            foreach (string word in (string[])["cmd", "/c", "set", $"LOCALAPPDATA={Lockleak.PathForWindows(home)}", "&&", "lockleak.exe",
                .. arguments])
            {
                start.ArgumentList.Add(word);
            }
        }

        return new Debugger(start);
    }

    private static string Unpack()
    {
        string zip = Dumps.Elsewhere("LockLeak.zip");
        Package.Make(zip);
        // As a browser calls the second download; PowerShell takes the brackets for a pattern where it is not told otherwise.
        string folder = Path.Combine(Path.GetDirectoryName(zip)!, "LockLeak[1]");
        ZipFile.ExtractToDirectory(zip, folder);
        return folder;
    }
}
