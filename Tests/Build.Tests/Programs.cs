namespace LockLeak.Build.Tests;

/// <summary>
/// Programs that stand in for those of the machine: shell scripts in a folder that is first on the PATH, or all there is on it,
/// and a record of how they were called.
/// </summary>
internal sealed class Programs : IDisposable
{
    private readonly string path = Environment.GetEnvironmentVariable("PATH")!;

    /// <summary>Puts a folder without programs on the PATH.</summary>
    /// <param name="alone">Whether the machine's own programs are not to be found.</param>
    public Programs(bool alone = false)
    {
        Folder = Directory.CreateTempSubdirectory("build tests (é) ").FullName;
        Environment.SetEnvironmentVariable("PATH", alone ? Folder : $"{Folder}:{path}");
        // Wine of Debian is looked for beside the PATH too; it is not to be started.
        Add("wineserver64");
    }

    /// <summary>Where they are, and other files of a test.</summary>
    public string Folder { get; }

    /// <summary>How they were called so far, a line each.</summary>
    public string[] Calls => File.Exists(Log) ? File.ReadAllLines(Log) : [];

    private string Log => Path.Combine(Folder, "calls");

    /// <summary>Adds one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="script">What it does, in the language of /bin/sh.</param>
    public void Add(string name, string script = "")
    {
        string program = Path.Combine(Folder, name);
        File.WriteAllText(program, $"#!/bin/sh\necho \"{name} $*\" >> '{Log}'\n{script}\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", path);
        Directory.Delete(Folder, recursive: true);
    }
}
