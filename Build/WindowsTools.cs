using System.Diagnostics;

namespace LockLeak.Build;

/// <summary>What a Windows needs to link: Microsoft's linker, which comes with Visual Studio or its Build Tools.</summary>
internal static class WindowsTools
{
    /// <summary>The component of Visual Studio that links for x64.</summary>
    public const string Linker = "Microsoft.VisualStudio.Component.VC.Tools.x86.x64";

    /// <summary>The component that links for ARM64.</summary>
    public const string LinkerForArm64 = "Microsoft.VisualStudio.Component.VC.Tools.ARM64";

    /// <summary>Looks whether a component is installed, before the build fails for it after minutes.</summary>
    /// <exception cref="BuildException">It is not; the message says what to type.</exception>
    public static void Check(string component)
    {
        // Every installer of Visual Studio since 2017 has it there: https://github.com/microsoft/vswhere/wiki/Installing
        string programs = Environment.GetFolderPath(Environment.SpecialFolder.ProgramFilesX86);
        string finder = Path.Combine(programs, "Microsoft Visual Studio", "Installer", "vswhere.exe");
        bool isThere = false;
        if (File.Exists(finder))
        {
            string[] question = ["-prerelease", "-products", "*", "-requires", component, "-property", "installationPath"];
            Shell.Read(new ProcessStartInfo(finder, question), line => isThere |= line.Length > 0);
        }

        if (!isThere)
        {
            throw new BuildException(
                "this needs Microsoft's linker (\"Desktop development with C++\" of Visual Studio or its Build Tools); run: " +
                "winget install Microsoft.VisualStudio.2022.BuildTools --override \"--passive --wait " +
                $"--add Microsoft.VisualStudio.Workload.VCTools --includeRecommended --add {component}\"");
        }
    }
}
