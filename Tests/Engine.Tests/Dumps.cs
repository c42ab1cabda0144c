using System.Collections.Concurrent;
using KernelImages.Dump;
using KernelImages.Scenarios;
using KernelImages.Symbols;
using LockLeak.Layouts;

namespace LockLeak.Engine.Tests;

/// <summary>A crash dump and the folder with its symbols.</summary>
/// <param name="Path">The file.</param>
/// <param name="Symbols">The folder; images are there too.</param>
internal sealed record Dump(string Path, string Symbols);

/// <summary>Dumps of scenarios, each made once in a run of the tests.</summary>
[TestClass]
public static class Dumps
{
    /// <summary>The build that tests take to which the build does not matter.</summary>
    internal const string Usual = "10.0.22621";

    // With what folders of users have in their names.
    private static readonly string Folder = Directory.CreateTempSubdirectory("lockleak tests (é) ").FullName;
    private static readonly ConcurrentDictionary<(string, string, DumpFormat), Lazy<Dump>> Made = new();

    [AssemblyCleanup]
    public static void Delete() => Directory.Delete(Folder, recursive: true);

    internal static Dump Of(string scenario, string build = Usual, DumpFormat format = DumpFormat.Full) =>
        Made.GetOrAdd((scenario, build, format), _ => new Lazy<Dump>(() => Make(scenario, build, format))).Value;

    /// <summary>A path that nothing else uses.</summary>
    internal static string Elsewhere(string name) =>
        Path.Combine(Directory.CreateDirectory(Path.Combine(Folder, Guid.NewGuid().ToString("n"))).FullName, name);

    private static Dump Make(string scenario, string build, DumpFormat format)
    {
        string folder = Path.Combine(Folder, build, scenario, format.ToString());
        // Without the driver's image the engine complains of it in the middle of an answer.
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, PrebuiltImages.Driver.ImageName), PrebuiltImages.Driver.Image);
        return new Dump(DumpFolder.Write(folder, ScenarioLibrary.Find(scenario), KernelTypes.Load(build), format), folder);
    }
}
