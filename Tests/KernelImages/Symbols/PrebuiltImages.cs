using System.Collections.Concurrent;
using System.IO.Compression;
using KernelImages.Kernel;
using LockLeak.Layouts;

namespace KernelImages.Symbols;

/// <summary>
/// The images and PDBs that are kept in the folder Prebuilt and inside this assembly, so that nobody needs LLVM to make
/// a dump. <c>KernelImages prebuilt</c> makes them anew after a change to layouts, stack functions or the compiler.
/// </summary>
public static class PrebuiltImages
{
    private const string DriverFolder = "TestDriver";

    private static readonly ConcurrentDictionary<string, ModuleImage> InMemory = new();

    /// <summary>The kernel's image and PDB of a build.</summary>
    public static ImageFiles Kernel(KernelTypes types) => Read(types.File.Build, new ImageFiles("ntkrnlmp.exe", "ntkrnlmp.pdb"));

    /// <summary>The image and PDB of TestDriver.</summary>
    public static ImageFiles Driver => Read(DriverFolder, new ImageFiles("TestDriver.sys", "TestDriver.pdb"));

    /// <summary>The images of a build as they lie in memory: what <see cref="SyntheticKernel.Build"/> takes.</summary>
    public static IReadOnlyList<ModuleImage> Of(KernelTypes types) =>
    [
        InMemory.GetOrAdd(types.File.Build, _ => Kernel(types).InMemory("nt")),
        InMemory.GetOrAdd(DriverFolder, _ => Driver.InMemory("TestDriver")),
    ];

    /// <summary>The version of LLVM that made them.</summary>
    internal static string LlvmVersion
    {
        get
        {
            using StreamReader version = new(Resource("llvm.txt"));
            return version.ReadToEnd().Trim();
        }
    }

    /// <summary>Makes all of them anew, which needs LLVM.</summary>
    /// <param name="folder">Prebuilt in the source tree.</param>
    internal static void Rebuild(string folder)
    {
        if (!Llvm.IsInstalled) throw new InvalidOperationException("LLVM is not installed (apt: clang-19 llvm-19 lld-19).");
        foreach (string build in KernelTypes.Builds) Write(folder, build, ImageCompiler.CompileKernel(KernelTypes.Load(build)));
        Write(folder, DriverFolder, ImageCompiler.CompileDriver());
        File.WriteAllText(Path.Combine(folder, "llvm.txt"), Llvm.ReadVersion() + "\n");
    }

    private static ImageFiles Read(string folder, ImageFiles names) =>
        names with { Image = Decompress($"{folder}/{names.ImageName}"), Pdb = Decompress($"{folder}/{names.PdbName}") };

    private static byte[] Decompress(string name)
    {
        using BrotliStream content = new(Resource(name + ".br"), CompressionMode.Decompress);
        using MemoryStream bytes = new();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static Stream Resource(string name) =>
        typeof(PrebuiltImages).Assembly.GetManifestResourceStream("Prebuilt/" + name)
        ?? throw new FileNotFoundException(
            $"There is no prebuilt {name}. Run: dotnet run --project Tests/KernelImages -- prebuilt Tests/KernelImages/Prebuilt");

    private static void Write(string root, string name, ImageFiles files)
    {
        string folder = Directory.CreateDirectory(Path.Combine(root, name)).FullName;
        Compress(Path.Combine(folder, files.ImageName + ".br"), files.Image);
        Compress(Path.Combine(folder, files.PdbName + ".br"), files.Pdb);
    }

    private static void Compress(string path, byte[] bytes)
    {
        using BrotliStream content = new(File.Create(path), CompressionLevel.SmallestSize);
        content.Write(bytes);
    }
}
