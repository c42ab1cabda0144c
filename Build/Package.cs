using System.IO.Compression;

namespace LockLeak.Build;

/// <summary>What users install.</summary>
internal static class Package
{
    /// <summary>artifacts/LockLeak.zip: the extension, the host, scripts and what there is to read. The engine comes with WinDbg.</summary>
    public static void Make()
    {
        string path = Repository.Path("artifacts", "LockLeak.zip");
        File.Delete(path);
        using ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (string file in Files())
        {
            zip.CreateEntryFromFile(file, Path.GetRelativePath(Repository.Binaries, file) is var name && name.StartsWith("..", StringComparison.Ordinal)
                ? Path.GetRelativePath(Repository.Root, file)
                : name);
        }

        Console.WriteLine(path);
    }

    private static IEnumerable<string> Files() =>
    [
        Path.Combine(Repository.Binaries, "LockLeak.dll"),
        Path.Combine(Repository.Binaries, "lockleak.exe"),
        Repository.Path("README.md"),
        Repository.Path("LICENSE"),
    ];
}
