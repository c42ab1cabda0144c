using System.Runtime.CompilerServices;

namespace LockLeak.Build;

/// <summary>Where things are.</summary>
internal static class Repository
{
    /// <summary>The folder of LockLeak.sln.</summary>
    public static string Root { get; } = System.IO.Path.GetFullPath(System.IO.Path.Combine(SourceFolder(), ".."));

    /// <summary>The folder in which the user typed the command; build.sh and build.ps1 start this in the repository's.</summary>
    public static string CalledFrom => Environment.GetEnvironmentVariable("LOCKLEAK_CALLED_FROM") ?? Environment.CurrentDirectory;

    /// <summary>What a build leaves: the extension, the host, the engine.</summary>
    public static string Binaries { get; } = Path("artifacts", "win-x64");

    /// <summary>The same for ARM64.</summary>
    public static string BinariesOfArm64 { get; } = Path("artifacts", "win-arm64");

    /// <summary>Windows programs that tests need.</summary>
    public static string TestPrograms { get; } = Path("artifacts", "tests");

    /// <summary>The sample dump with its symbols and images.</summary>
    public static string Sample { get; } = Path("artifacts", "sample");

    /// <summary>The sample dump itself.</summary>
    public static string SampleDump { get; } = System.IO.Path.Combine(Sample, "pushlock153.dmp");

    /// <summary>What the last long run of the fuzzer counted.</summary>
    public static string FuzzFigures { get; } = Path("artifacts", "fuzz.txt");

    /// <summary>A path inside the repository.</summary>
    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string SourceFolder([CallerFilePath] string file = "") => System.IO.Path.GetDirectoryName(file)!;
}
