using System.Diagnostics;

namespace LockLeak.Build;

/// <summary>What the verbs do.</summary>
internal static class Verbs
{
    /// <summary>The extension, the host and the engine in artifacts/win-x64, the sample in artifacts/sample.</summary>
    public static void Build()
    {
        if (OperatingSystem.IsWindows())
        {
            WindowsTools.Check(WindowsTools.Linker);
        }
        else
        {
            LinuxTools.Install();
            new WinePrefix(Wine.Prefix, Wine.IsPrefixOurs).Make();
        }

        if (!File.Exists(Repository.Path("Host", "obj", "project.assets.json")))
        {
            NuGet.Restore(200, "Extension", "Host");
        }

        foreach ((string project, string result) in ((string, string)[])[("Extension", "LockLeak.dll"), ("Host", "lockleak.exe")])
        {
            Shell.Say($"Building {result} ...");
            Publish(project, Repository.Binaries);
        }

        UnpackSample();
    }

    /// <summary>
    /// What runs beside them: the server for assistants in artifacts/win-x64, and the pipe of the live tests in artifacts/tests.
    /// </summary>
    public static void BuildRest()
    {
        Shell.Say("Building lockleak-mcp.exe ...");
        Publish("Mcp", Repository.Binaries);
        if (!OperatingSystem.IsWindows())
        {
            Shell.Say("Building the pipe of the live tests ...");
            // A target that runs here serves the debugger under Wine a named pipe through this.
            Publish(Path.Combine("Tests", "KdTarget"), Repository.TestPrograms, "--runtime", "win-x64");
        }
    }

    /// <summary>The same three for the ARM64 debugger, in artifacts/win-arm64. Only Windows has a linker for it.</summary>
    public static void BuildForArm64()
    {
        if (!OperatingSystem.IsWindows())
        {
            throw new BuildException("what runs in the ARM64 debugger can be linked on Windows only");
        }

        WindowsTools.Check(WindowsTools.LinkerForArm64);
        foreach (string project in (string[])["Extension", "Host", "Mcp"])
        {
            Shell.Say($"Building {project} for ARM64 ...");
            Publish(project, Repository.BinariesOfArm64, "--runtime", "win-arm64");
        }
    }

    /// <summary>lockleak.exe on the sample, or with the arguments that were given.</summary>
    public static int Run(string[] arguments)
    {
        string[] sample = ["-z", Repository.SampleDump, "-y", Repository.Sample];
        ProcessStartInfo start = Wine.Start(Path.Combine(Repository.Binaries, "lockleak.exe"), arguments.Length > 0 ? arguments : sample);
        start.WorkingDirectory = Repository.CalledFrom;
        int exitCode = Shell.ExitCode(start);
        // lockleak says 1 when it found something, which is what the sample is for.
        return arguments.Length > 0 || exitCode > 1 ? exitCode : 0;
    }

    private static void Publish(string project, string folder, params string[] options)
    {
        string[] linker = LinuxTools.Linker is { } name ? [$"-property:LldLink={name}"] : [];
        string[] quietly = ["--verbosity", "quiet", "--nologo"];
        Shell.Run("dotnet", ["publish", project, "--configuration", "Release", "--output", folder, .. quietly, .. linker, .. options]);
    }

    // Anew when something of what makes it has changed.
    private static void UnpackSample()
    {
        string maker = Repository.Path("Tests", "KernelImages");
        if (File.GetLastWriteTimeUtc(Repository.SampleDump) < ((string[])[maker, Repository.Path("Layouts")]).Max(LastChange))
        {
            Shell.Say("Making the sample dump ...");
            string[] arguments = ["--configuration", "Release", "--verbosity", "quiet", "--", "sample", Repository.Sample];
            Shell.Run("dotnet", ["run", "--project", maker, .. arguments]);
        }
    }

    /// <summary>When a project's files were last changed, without what is built of them.</summary>
    private static DateTime LastChange(string project) =>
        Directory.EnumerateFiles(project, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetRelativePath(project, file).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"))
            .Max(File.GetLastWriteTimeUtc);
}
