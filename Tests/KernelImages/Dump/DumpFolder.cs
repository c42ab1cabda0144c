using KernelImages.Kernel;
using KernelImages.Scenarios;
using KernelImages.Symbols;
using LockLeak.Layouts;

namespace KernelImages.Dump;

/// <summary>Folders that hold a dump with what a debugger needs beside it, so that <c>-y folder</c> finds everything.</summary>
public static class DumpFolder
{
    /// <summary>Writes a scenario's dump and the PDBs that belong to it.</summary>
    /// <param name="folder">Made if need be.</param>
    /// <param name="scenario">The situation.</param>
    /// <param name="types">The Windows build.</param>
    /// <param name="format">How the dump holds the memory.</param>
    /// <returns>Path of the dump: the scenario's name and ".dmp".</returns>
    public static string Write(string folder, Scenario scenario, KernelTypes types, DumpFormat format = DumpFormat.Full)
    {
        WriteSymbols(folder, types);
        // A small dump holds no unwind data: a debugger takes it from the images.
        if (format == DumpFormat.Triage) WriteImages(folder, types);
        string dump = Path.Combine(folder, scenario.Name + ".dmp");
        DumpWriter.Write(SyntheticKernel.WithImages(scenario, types), dump, format);
        return dump;
    }

    /// <summary>Writes the PDBs of a build's kernel and of the scenarios' driver.</summary>
    public static void WriteSymbols(string folder, KernelTypes types)
    {
        Directory.CreateDirectory(folder);
        foreach (ImageFiles files in (ImageFiles[])[PrebuiltImages.Kernel(types), PrebuiltImages.Driver])
            File.WriteAllBytes(Path.Combine(folder, files.PdbName), files.Pdb);
    }

    /// <summary>Writes the sample that users try the project on: the walk-through's dump with its symbols and images.</summary>
    public static void WriteSample(string folder)
    {
        KernelTypes types = KernelTypes.Load("10.0.22621");
        Write(folder, Walkthrough.PushLock153, types);
        WriteImages(folder, types);
    }

    private static void WriteImages(string folder, KernelTypes types)
    {
        foreach (ImageFiles files in (ImageFiles[])[PrebuiltImages.Kernel(types), PrebuiltImages.Driver])
            File.WriteAllBytes(Path.Combine(folder, files.ImageName), files.Image);
    }
}
