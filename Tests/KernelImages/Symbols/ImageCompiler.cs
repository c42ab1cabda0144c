using KernelImages.Kernel;
using KernelImages.Layouts;

namespace KernelImages.Symbols;

/// <summary>Makes images and PDBs that a debugger takes for those of a kernel or driver.</summary>
internal static class ImageCompiler
{
    /// <summary>The kernel of a build: all types, all public symbols.</summary>
    public static ImageFiles CompileKernel(KernelTypes types) => Compile("ntkrnlmp", "exe", types.Symbols, types);

    /// <summary>The scenarios' driver: functions and no types.</summary>
    public static ImageFiles CompileDriver() => Compile("TestDriver", "sys", TestDriver.Symbols, null);

    private static ImageFiles Compile(string name, string extension, IReadOnlyDictionary<string, LayoutSymbol> symbols, KernelTypes? types)
    {
        string folder = Directory.CreateTempSubdirectory("KernelImages").FullName;
        try
        {
            List<string> objects = ["symbols.obj"];
            File.WriteAllText(Path.Combine(folder, "symbols.s"), SymbolAssembly.Of(symbols));
            Llvm.Assemble(folder, "symbols.s", "symbols.obj");
            if (types is not null)
            {
                File.WriteAllText(Path.Combine(folder, "types.ll"), TypeMetadata.Module(types, name + ".c"));
                Llvm.Compile(folder, "types.ll", "types.obj");
                objects.Add("types.obj");
            }
            ImageFiles files = new(name + "." + extension, name + ".pdb");
            Llvm.Link(folder, files.ImageName, files.PdbName, SymbolAssembly.EntryPoint, objects);
            PdbPatch.Apply(Path.Combine(folder, files.PdbName), symbols);
            return files with { Image = File.ReadAllBytes(Path.Combine(folder, files.ImageName)), Pdb = File.ReadAllBytes(Path.Combine(folder, files.PdbName)) };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
