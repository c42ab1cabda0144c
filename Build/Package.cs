using System.IO.Compression;

namespace LockLeak.Build;

/// <summary>What users get: a zip that the debuggers' folders are copied from. The engine is not in it; debuggers have one.</summary>
internal static class Package
{
    // Any fixed time: the same files give the same zip.
    private static readonly DateTimeOffset Time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Makes it of what a build left.</summary>
    /// <param name="path">The zip.</param>
    public static void Make(string path)
    {
        using ZipArchive zip = new(File.Create(path), ZipArchiveMode.Create);
        foreach ((string name, string file) in Files().OrderBy(entry => entry.Name, StringComparer.Ordinal))
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
        ("EngineExtensions/LockLeak.pdb", Repository.Path("Extension", "bin", "Release", "net10.0", "win-x64", "native", "LockLeak.pdb")),
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
}
