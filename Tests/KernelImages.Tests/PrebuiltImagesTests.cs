using KernelImages.Kernel;
using KernelImages.Symbols;
using LockLeak.Layouts;

namespace KernelImages.Tests;

/// <summary>The images and PDBs in Prebuilt are those that the sources make.</summary>
[TestClass]
public sealed class PrebuiltImagesTests
{
    public static IEnumerable<object[]> Builds => KernelTypes.Builds.Select(build => new object[] { build });

    [TestMethod]
    [DynamicData(nameof(Builds))]
    public void KernelIsWhatTheCompilerMakes(string build)
    {
        NeedLlvm();
        AssertSame(ImageCompiler.CompileKernel(KernelTypes.Load(build)), PrebuiltImages.Kernel(KernelTypes.Load(build)));
    }

    [TestMethod]
    public void DriverIsWhatTheCompilerMakes()
    {
        NeedLlvm();
        AssertSame(ImageCompiler.CompileDriver(), PrebuiltImages.Driver);
    }

    [TestMethod]
    [DynamicData(nameof(Builds))]
    public void ImageReachesToItsLastSymbol(string build)
    {
        KernelTypes types = KernelTypes.Load(build);
        ModuleImage kernel = PrebuiltImages.Of(types).Single(image => image.Module == "nt");
        Assert.IsGreaterThan(types.Symbols.Values.Max(symbol => symbol.Address + symbol.Size), kernel.Size);
        Assert.AreEqual(TestDriver.Size, PrebuiltImages.Of(types).Single(image => image.Module == "TestDriver").Size);
    }

    private static void AssertSame(ImageFiles made, ImageFiles kept)
    {
        const string Advice = "The sources have changed. Run: dotnet run --project Tests/KernelImages -- prebuilt " +
            "Tests/KernelImages/Prebuilt";
        Assert.IsTrue(made.Pdb.AsSpan().SequenceEqual(kept.Pdb), $"{kept.PdbName} differs. {Advice}");
        Assert.IsTrue(made.Image.AsSpan().SequenceEqual(kept.Image), $"{kept.ImageName} differs. {Advice}");
    }

    /// <summary>Another version of LLVM makes other bytes of the same meaning, which proves nothing.</summary>
    private static void NeedLlvm()
    {
        if (!Llvm.IsInstalled) Assert.Inconclusive("LLVM is not installed (apt: clang-19 llvm-19 lld-19).");
        if (Llvm.ReadVersion() != PrebuiltImages.LlvmVersion)
            Assert.Inconclusive($"The images were made with LLVM {PrebuiltImages.LlvmVersion}, and {Llvm.ReadVersion()} is installed.");
    }
}
