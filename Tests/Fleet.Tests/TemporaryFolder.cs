namespace LockLeak.Fleet.Tests;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fleet-");

    /// <summary>The folder, or a path in it.</summary>
    public string Path(params string[] parts) => System.IO.Path.Combine([folder.FullName, .. parts]);

    /// <summary>Writes a file and gives its path.</summary>
    public string Write(string name, string content)
    {
        File.WriteAllText(Path(name), content);
        return Path(name);
    }

    public void Dispose() => folder.Delete(recursive: true);
}
