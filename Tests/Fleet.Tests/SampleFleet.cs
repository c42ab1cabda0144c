namespace LockLeak.Fleet.Tests;

/// <summary>
/// A fleet that has done its work: two drivers on two builds, one dump that cannot be read, one that kills lockleak. Kept in SQLite; made
/// without an engine.
/// </summary>
internal sealed class SampleFleet : IDisposable
{
    /// <summary>A name that would do harm where it is not escaped.</summary>
    public const string Hostile = "<img src=x onerror=alert(1)>";

    private readonly TemporaryFolder folder = new();

    /// <summary>Does the work.</summary>
    public SampleFleet()
    {
        Directory.CreateDirectory(folder.Path("dumps"));
        foreach ((string name, string answer) in ((string, string)[])
        [
            ("old", Answer("TestDriver", "1.0", "FileMoveThread", 19045, 2024)),
            ("new", Answer("testdriver", "1.1", "FileMoveThread", 22631, 2026)),
            ("odd", Answer(Hostile, "1.0", "50%", 22631, 2025)),
            ("unreadable", """{"schema":"lockleak/1","command":"lockleak","error":{"code":"not-a-dump","message":"no dump at all","permanent":true}}"""),
        ])
        {
            folder.Write($"dumps/{name}.dmp", name);
            folder.Write($"{name}.json", answer);
        }

        folder.Write("dumps/deadly.dmp", "x");
        Program = new FleetProgram($"Data Source={folder.Path("fleet.db")}", Programs.Script(folder, $"""
            name=$(basename "$2" .dmp)
            if [ $name = deadly ]; then kill -KILL $$; fi
            cat {folder.Path()}/$name.json
            grep -q '"error"' {folder.Path()}/$name.json && exit 2
            exit 1
            """));
        Program.Run("submit", folder.Path("dumps"));
        Program.Run("work", "--drain");
    }

    /// <summary>lockleak-fleet on its database.</summary>
    public FleetProgram Program { get; }

    /// <summary>A path beside it.</summary>
    public string Path(string name) => folder.Path(name);

    public void Dispose() => folder.Dispose();

    private static string Answer(string module, string version, string function, int build, int year) => $$$"""
        {"schema":"lockleak/1","command":"lockleak","target":{"kind":"dump","build":{{{build}}},"revision":"{{{build}}}.1","machine":"LAB-7","stopTime":"{{{year}}}-01-02T03:04:05Z","bugCheck":null},
        "findings":[{"kind":"leaked-entry","certainty":"certain","module":"{{{module}}}","moduleVersion":"{{{version}}}","function":"{{{function}}}","signature":"s","message":"Thread x ended."}]}
        """;
}
