using LockLeak.Code;
using LockLeak.Target;

namespace LockLeak.Tests.Code;

/// <summary>What an answer holds besides its verdict, and why there may be none.</summary>
[TestClass]
public sealed class CodeSitesTests
{
    private static readonly CodeLimits Limits = CodeLimits.Prompt with { Time = TimeSpan.FromSeconds(60) };

    private static readonly WantedLock Any = new(0, null, null);

    [TestMethod]
    public void AWrapperIsNamedWithTheCallThatLeadsToIt()
    {
        var driver = new LoadedDriver(CorpusImages.Of("clang-O0"));

        CodeSite site = Ask(driver, "WrappedTwiceLeaks", Any).Sites[0];

        Assert.AreEqual(SiteVerdict.CanReturn, site.Verdict);
        Assert.StartsWith("driver!LockCache+", site.Symbol!.ToString());
        Assert.HasCount(2, site.Through);
        Assert.AreEqual("WrappedTwiceLeaks LockCacheAndCount", string.Join(' ', site.Through.Select(call => driver.At(call)!.Name)));
        Assert.AreEqual(("ExAcquirePushLockExclusiveEx", CodeLockKind.PushLock, true), (site.Routine, site.Kind, site.Exclusive));
        Assert.AreEqual("WrappedTwiceLeaks", driver.At(site.ReturnsAt!.Value)!.Name);
        Assert.AreEqual("WrappedTwiceLeaks", driver.At(site.Branch!.Value)!.Name);
    }

    [TestMethod]
    public void ALockInTheDriversDataIsToldFromOthers()
    {
        foreach (string build in CorpusCompiler.Builds)
        {
            var driver = new LoadedDriver(CorpusImages.Of(build));
            ulong leaked = driver.Exports["DriverLock"], other = driver.Exports["DriverListLock"];

            CodeSite site = Ask(driver, "GlobalLockLeaks", new WantedLock(leaked, CodeLockKind.PushLock, true)).Sites.Single();

            Assert.AreEqual((SiteVerdict.CanReturn, LockMatch.Same), (site.Verdict, site.Match), build);
            Assert.IsEmpty(Ask(driver, "GlobalLockLeaks", new WantedLock(other, CodeLockKind.PushLock, true)).Sites, build);
        }
    }

    [TestMethod]
    public void TheCodeThatRefersToALockIsFound()
    {
        foreach (string build in CorpusCompiler.Builds)
        {
            var driver = new LoadedDriver(CorpusImages.Of(build));

            CodeReferences references = new CodeSites(driver, () => false, Limits).ReferencesTo(driver.Exports["DriverListLock"])!;

            Assert.IsNull(references.Incomplete, build);
            Assert.AreEqual("GlobalLocks", string.Join(' ', references.Instructions.Select(at => driver.At(at)!.Name).Distinct()), build);
        }
    }

    [TestMethod]
    public void ASharedSiteIsNoneOfAnExclusiveOwner()
    {
        var driver = new LoadedDriver(CorpusImages.Of("clang-O1"));

        Assert.IsNotEmpty(Ask(driver, "ResourceSharedLeaks", new WantedLock(0, CodeLockKind.Resource, false)).Sites);
        Assert.IsEmpty(Ask(driver, "ResourceSharedLeaks", new WantedLock(0, CodeLockKind.Resource, true)).Sites);
        Assert.IsEmpty(Ask(driver, "ResourceSharedLeaks", new WantedLock(0, CodeLockKind.PushLock, false)).Sites);
    }

    [TestMethod]
    public void WhatIsNotLookedIntoIsNamed()
    {
        var driver = new LoadedDriver(CorpusImages.Of("clang-O2"));

        CodeSite site = Ask(driver, "ReleasedByCallback", Any).Sites[0];

        Assert.AreEqual(SiteVerdict.CanReturn, site.Verdict);
        Assert.HasCount(1, site.Unless);
        Assert.AreEqual("ReleasedByCallback", driver.At(site.Unless[0])!.Name);
    }

    [TestMethod]
    public void AHandlerIsNamedWithTheCallThatHasToRaise()
    {
        var driver = new LoadedDriver(CorpusImages.Of("clang-O2"));

        CodeSite site = Ask(driver, "HandlerSkipsRelease", Any).Sites[0];

        Assert.AreEqual(SiteVerdict.CanReturn, site.Verdict);
        Assert.AreEqual("HandlerSkipsRelease", driver.At(site.Raises!.Value)!.Name);
    }

    [TestMethod]
    public void OnArm64CodeIsNotLookedInto()
    {
        var driver =
            new LoadedDriver(CorpusImages.Of("clang-O2"))
            {
                Facts = new TargetFacts(TargetKind.Dump, true, false, 22621, 8,
            Machine.Arm64)
            };

        CodeAnswer answer = Ask(driver, "ReturnBetween", Any);

        Assert.IsEmpty(answer.Sites);
        Assert.AreEqual("Code is looked into on x64 only.", answer.Notes.Single());
    }

    [TestMethod]
    public void CodeThatIsNotInTheDumpIsSaidWithWhatHelps()
    {
        var driver = new LoadedDriver(CorpusImages.Of("clang-O2"));
        ulong start = driver.Exports["ReturnBetween"];
        driver.Hide(LoadedDriver.Start, 0x1000);

        CodeAnswer answer = new CodeSites(driver, () => false, Limits).OfStartRoutine(start, Any);

        Assert.IsEmpty(answer.Sites);
        Assert.AreEqual("The code of driver cannot be read: it is not in the dump or paged out. Add the folder of its image to the " +
            "image path (.exepath+) and try again.", answer.Notes.Single());
    }

    [TestMethod]
    public void APageThatIsPagedOutIsSaid()
    {
        var driver = new LoadedDriver(CorpusImages.Of("clang-O2"));
        ulong start = driver.Exports["ReturnBetween"];
        driver.Hide(start & ~0xfffUL, 0x1000);

        CodeAnswer answer = new CodeSites(driver, () => false, Limits).OfStartRoutine(start, Any);

        Assert.IsEmpty(answer.Sites);
        Assert.Contains("code cannot be read", answer.Notes.Single());
    }

    [TestMethod]
    public void CtrlBreakEndsAQuestion()
    {
        var driver = new LoadedDriver(CorpusImages.Of("clang-O2"));
        int asked = 0;

        CodeAnswer answer = new CodeSites(driver, () => ++asked > 3, Limits).OfStartRoutine(driver.Exports["SwitchClean"], Any);

        Assert.Contains("interrupted", answer.Notes.Single());
    }

    private static CodeAnswer Ask(LoadedDriver driver, string function, WantedLock wanted) =>
        new CodeSites(driver, () => false, Limits).OfStartRoutine(driver.Exports[function], wanted);
}
