using System.Diagnostics;

namespace LockLeak.Build;

/// <summary>What the verbs do.</summary>
internal static class Verbs
{
    /// <summary>The extension, the host and the engine in artifacts/win-x64, the sample in artifacts/sample.</summary>
    public static void Build()
    {
        if (!OperatingSystem.IsWindows())
        {
            LinuxTools.Install();
            Wine.MakePrefix();
        }

        if (!Directory.Exists(Repository.Binaries))
        {
            Shell.Say("The first build fetches its packages from NuGet, which may take some minutes.");
        }

        foreach ((string project, string result) in ((string, string)[])[("Extension", "LockLeak.dll"), ("Host", "lockleak.exe"), ("Mcp", "lockleak-mcp.exe")])
        {
            Shell.Say($"Building {result} ...");
            Shell.Run("dotnet", "publish", project, "--configuration", "Release", "--output", Repository.Binaries, "--verbosity", "quiet", "--nologo");
        }

        if (!OperatingSystem.IsWindows())
        {
            Shell.Say("Building the pipe of the live tests ...");
            // A target that runs here serves the debugger under Wine a named pipe through this.
            Shell.Run("dotnet", "publish", Repository.Path("Tests", "KdTarget"), "--configuration", "Release", "--runtime", "win-x64", "--output", Repository.TestPrograms, "--verbosity", "quiet", "--nologo");
        }

        UnpackSample();
    }

    /// <summary>lockleak.exe on the sample, or with the arguments that were given.</summary>
    public static int Run(string[] arguments)
    {
        string[] sample = ["-z", Repository.SampleDump, "-y", Repository.Sample];
        ProcessStartInfo start = Wine.Start(Path.Combine(Repository.Binaries, "lockleak.exe"), arguments.Length > 0 ? arguments : sample);
        int exitCode = Shell.ExitCode(start);
        // lockleak says 1 when it found something, which is what the sample is for.
        return arguments.Length > 0 || exitCode > 1 ? exitCode : 0;
    }

    // Anew when something of what makes it has changed.
    private static void UnpackSample()
    {
        string maker = Repository.Path("Tests", "KernelImages");
        DateTime changed = Directory.EnumerateFiles(maker, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetRelativePath(maker, file).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"))
            .Max(File.GetLastWriteTimeUtc);
        if (File.GetLastWriteTimeUtc(Repository.SampleDump) < changed)
        {
            Shell.Say("Making the sample dump ...");
            Shell.Run("dotnet", "run", "--project", maker, "--configuration", "Release", "--verbosity", "quiet", "--", "sample", Repository.Sample);
        }
    }
}
