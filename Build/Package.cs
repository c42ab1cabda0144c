using System.IO.Compression;
using System.Security.Cryptography;

namespace LockLeak.Build;

/// <summary>What users get: a zip that the debuggers' folders are copied from. The engine is not in it; debuggers have one.</summary>
internal static class Package
{
    // Any fixed time: the same files give the same zip.
    private static readonly DateTimeOffset Time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Makes it of what a build left, and beside it a file with its SHA-256, as sha256sum --check reads it.</summary>
    /// <param name="path">The zip.</param>
    /// <param name="withArm64">Whether what runs in the ARM64 debugger is in it too.</param>
    public static void Make(string path, bool withArm64 = false)
    {
        Write(path, withArm64 ? [.. Files(), .. FilesOfArm64()] : Files());
        using FileStream made = File.OpenRead(path);
        File.WriteAllText($"{path}.sha256", $"{Convert.ToHexStringLower(SHA256.HashData(made))}  {Path.GetFileName(path)}\n");
    }

    private static void Write(string path, IEnumerable<(string Name, string File)> files)
    {
        using ZipArchive zip = new(File.Create(path), ZipArchiveMode.Create);
        foreach ((string name, string file) in files.OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            ZipArchiveEntry entry = zip.CreateEntry(name, CompressionLevel.SmallestSize);
            entry.LastWriteTime = Time;
            // As Unix reads it: rwxr-xr-x for what runs there, else rw-r--r--.
            entry.ExternalAttributes = Convert.ToInt32(name.EndsWith(".sh", StringComparison.Ordinal) ? "100755" : "100644", 8) << 16;
            using Stream from = File.OpenRead(file), to = entry.Open();
            from.CopyTo(to);
        }
    }

    // The two folders of the debugger's own names are copied by install.ps1 as they are.
    private static IEnumerable<(string Name, string File)> Files() =>
    [
        ("EngineExtensions/LockLeak.dll", Path.Combine(Repository.Binaries, "LockLeak.dll")),
        ("EngineExtensions/LockLeak.pdb", Symbols("win-x64")),
        ("UserExtensions/LockLeak/GalleryManifest.xml", Repository.Path("Scripts", "GalleryManifest.xml")),
        ("UserExtensions/LockLeak/lockleak.js", Repository.Path("Scripts", "lockleak.js")),
        ("config.xml", Repository.Path("Scripts", "config.xml")),
        ("install.ps1", Repository.Path("Scripts", "install.ps1")),
        ("uninstall.ps1", Repository.Path("Scripts", "uninstall.ps1")),
        ("Tools/lockleak.exe", Path.Combine(Repository.Binaries, "lockleak.exe")),
        ("Tools/lockleak-mcp.exe", Path.Combine(Repository.Binaries, "lockleak-mcp.exe")),
        ("Tools/triage.ps1", Repository.Path("Scripts", "triage.ps1")),
        ("Tools/triage.sh", Repository.Path("Scripts", "triage.sh")),
        ("Tools/Watch-VMLocks.ps1", Repository.Path("Scripts", "Watch-VMLocks.ps1")),
        ("LICENSE", Repository.Path("LICENSE")),
        .. Directory.GetFiles(Repository.Root, "*.md").Select(file => (Path.GetFileName(file), file)),
        .. Directory.GetFiles(Repository.Path("docs")).Select(file => ($"docs/{Path.GetFileName(file)}", file)),
    ];

    private static IEnumerable<(string Name, string File)> FilesOfArm64() =>
    [
        ("EngineExtensions/arm64/LockLeak.dll", Path.Combine(Repository.BinariesOfArm64, "LockLeak.dll")),
        ("EngineExtensions/arm64/LockLeak.pdb", Symbols("win-arm64")),
        // lockleak.exe looks for the extension beside itself.
        ("Tools/arm64/LockLeak.dll", Path.Combine(Repository.BinariesOfArm64, "LockLeak.dll")),
        ("Tools/arm64/lockleak.exe", Path.Combine(Repository.BinariesOfArm64, "lockleak.exe")),
        ("Tools/arm64/lockleak-mcp.exe", Path.Combine(Repository.BinariesOfArm64, "lockleak-mcp.exe")),
    ];

    private static string Symbols(string runtime) =>
        Repository.Path("Extension", "bin", "Release", "net10.0", runtime, "native", "LockLeak.pdb");
}
