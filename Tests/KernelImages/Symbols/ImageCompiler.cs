using KernelImages.Kernel;
using LockLeak.Layouts;

namespace KernelImages.Symbols;

/// <summary>Makes images and PDBs that a debugger takes for those of a kernel or driver.</summary>
internal static class ImageCompiler
{
    /// <summary>The kernel of a build: all types, all public symbols.</summary>
    public static ImageFiles CompileKernel(KernelTypes types) => Compile(new("ntkrnlmp.exe", "ntkrnlmp.pdb"), types.Symbols, folder =>
    {
        File.WriteAllText(Path.Combine(folder, "symbols.s"), SymbolAssembly.Of(types.Symbols));
        Llvm.Assemble(folder, "symbols.s", "symbols.obj");
        File.WriteAllText(Path.Combine(folder, "types.ll"), TypeMetadata.Module(types, "ntkrnlmp.c"));
        Llvm.Compile(folder, "types.ll", "types.obj");
        return ["symbols.obj", "types.obj"];
    });

    /// <summary>The scenarios' driver: real code with line numbers, and an import table.</summary>
    public static ImageFiles CompileDriver() =>
        Compile(new("TestDriver.sys", "TestDriver.pdb"), TestDriver.Symbols, DriverAssembly.Compile);

    private static ImageFiles Compile(ImageFiles files, IReadOnlyDictionary<string, LayoutSymbol> symbols,
        Func<string, IReadOnlyList<string>> makeObjects)
    {
        string folder = Directory.CreateTempSubdirectory("KernelImages").FullName;
        try
        {
            Llvm.Link(folder, files.ImageName, files.PdbName, SymbolAssembly.EntryPoint, makeObjects(folder));
            PdbPatch.Apply(Path.Combine(folder, files.PdbName), symbols);
            return files with
            {
                Image = File.ReadAllBytes(Path.Combine(folder, files.ImageName)),
                Pdb = File.ReadAllBytes(
                Path.Combine(folder, files.PdbName))
            };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
