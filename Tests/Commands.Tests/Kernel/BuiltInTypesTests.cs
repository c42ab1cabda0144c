using System.Globalization;
using KernelImages;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Kernel;
using LockLeak.Layouts;

namespace LockLeak.Tests.Kernel;

/// <summary>The types that LockLeak brings along for kernels without symbols.</summary>
[TestClass]
public sealed class BuiltInTypesTests
{
    public static IEnumerable<object[]> RealBuilds =>
        KernelTypes.Builds.Select(KernelTypes.Load).Where(types => !types.File.IsMadeUp).DistinctBy(types => types.Build)
        .Select(types => new object[] { types.Build });

    [TestMethod]
    [DynamicData(nameof(RealBuilds))]
    public void TheDataFileIsWhatTheLayoutSays(uint build)
    {
        using Stream stream = typeof(BuiltInTypes)
            .Assembly.GetManifestResourceStream($"BuiltIn.{build.ToString(CultureInfo.InvariantCulture)}")!;
        using var reader = new StreamReader(stream);

        Assert.AreEqual(BuiltInTypesWriter.Text(KernelTypes.Load(build)), reader.ReadToEnd(),
            "Make it anew: dotnet run --project Layouts");
    }

    [TestMethod]
    public void EveryRealLayoutHasADataFile() =>
        CollectionAssert.AreEquivalent(RealBuilds.Select(row => row[0]).ToList(), BuiltInTypes.Builds.Cast<object>().ToList());

    [TestMethod]
    [DynamicData(nameof(RealBuilds))]
    public void WithoutSymbolsTheReportNamesTheBuiltInTypes(uint build)
    {
        string output = LockLeak(
            new InMemoryTarget(SyntheticKernel.Build(Walkthrough.PushLock153, KernelTypes.Load(build))) { HasNoSymbols = true }).Output;

        StringAssert.Contains(output, $"Types: built-in ({build}).");
        StringAssert.Contains(output, "LEAKED  Thread ffffc788`39108040");
    }

    [TestMethod]
    public void TypesOfAnotherBuildAreNotBelieved()
    {
        // The build number of Windows 10 2004 over the memory of Windows 11: nothing there holds together as a System process.
        var target = Misnumbered(SyntheticKernel.Build(Walkthrough.PushLock153, KernelTypes.Load("26100")), build: 19041);

        RecordingConsole console = LockLeak(target);

        Assert.AreEqual("", console.Output);
        StringAssert.StartsWith(console.Errors, "lockleak: The kernel's types are not known");
        StringAssert.Contains(console.Errors, ".symfix; .reload /f nt");
    }

    [TestMethod]
    public void AnUnknownBuildGetsTheNearestOlderTypesAndSaysSo()
    {
        var target = Misnumbered(SyntheticKernel.Build(Walkthrough.PushLock153, KernelTypes.Load("22631")), build: 22999);

        StringAssert.Contains(LockLeak(target).Output, "Types: built-in (22631; build 22999 has none of its own).");
    }

    [TestMethod]
    public void SmallEntriesAreRecognisedWithoutSymbols()
    {
        KernelTypes made = KernelTypes.Builds.Select(KernelTypes.Load).Single(types => types.File.IsMadeUp);
        string output = LockLeak(new InMemoryTarget(SyntheticKernel.Build(Walkthrough.PushLock153, made)) { HasNoSymbols = true }).Output;

        StringAssert.Contains(output, "LEAKED  Thread ffffc788`39108040");
        StringAssert.Contains(output, "LockEntries[0] owns");
    }

    /// <summary>A kernel without symbols that gives another build number than its memory is of.</summary>
    private static OtherTarget Misnumbered(SyntheticKernel kernel, uint build)
    {
        var target = new InMemoryTarget(kernel) { HasNoSymbols = true };
        return new OtherTarget(target) { Facts = target.Facts with { Build = build } };
    }

    private static RecordingConsole LockLeak(Target.ITarget target)
    {
        var console = new RecordingConsole();
        CommandHost.Run("lockleak", "", target, console);
        return console;
    }
}
