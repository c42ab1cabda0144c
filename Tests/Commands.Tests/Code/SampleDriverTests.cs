using KernelImages;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Code;
using LockLeak.Layouts;

namespace LockLeak.Tests.Code;

/// <summary>The driver of the walk-through, which is compiled from C: what its code says of the lock that leaked.</summary>
[TestClass]
public sealed class SampleDriverTests
{
    private const ulong Driver = 0xfffff807_45960000;

    private static readonly WantedLock FileLock = new(0, CodeLockKind.PushLock, true);

    [TestMethod]
    public void TheThreadThatEndedTookTheLockAndNeverReleasesIt()
    {
        CodeSite site = Ask(Walkthrough.PushLock153).OfStartRoutine(Driver + 0x1240, FileLock).Sites.Single();

        // Compilers see that the loop always ends at file 500: the release behind it is not in the code.
        Assert.AreEqual((SiteVerdict.NeverReleases, Driver + 0x1240 + 0x3a), (site.Verdict, site.Address));
        Assert.AreEqual("TestDriver!FileMoveThread+0x3a", site.Symbol!.ToString());
        Assert.AreEqual("ExAcquirePushLockExclusiveEx", site.Routine);
        Assert.AreEqual(0xc3, Code(Walkthrough.PushLock153, site.ReturnsAt!.Value), "a return");
    }

    [TestMethod]
    public void TheThreadThatWaitsGivesItBack()
    {
        CodeAnswer answer = Ask(Walkthrough.PushLock153).OfStartRoutine(Driver + 0x10e0, FileLock);

        Assert.AreEqual(SiteVerdict.NoPathSeen, answer.Sites.Single().Verdict);
        Assert.IsEmpty(answer.Notes);
    }

    [TestMethod]
    public void TheFramesOfADeadlockTellWhereEachTookItsLock()
    {
        var target = new InMemoryTarget(Kernel(Deadlocks.Two));
        var code = new CodeSites(target, () => false, CodeLimits.Prompt with { Time = TimeSpan.FromSeconds(60) });

        Assert.AreEqual("TestDriver!FileCopyThread+0x17", Holder("mover"));
        Assert.AreEqual("TestDriver!FileFlushThread+0x23", Holder("flusher"));
        Assert.AreEqual("", Holder("bystander"));

        string Holder(string thread)
        {
            CodeAnswer answer = code.HeldAt(target.Symbols.Stack(target.Kernel.Thread(thread), 64), FileLock);
            Assert.IsTrue(answer.Sites.All(site => site.Verdict == SiteVerdict.Holds), thread);
            return string.Join(' ', answer.Sites.Select(site => site.Symbol));
        }
    }

    [TestMethod]
    public void TheFunctionsLieWhereTheScenariosHaveThem()
    {
        foreach ((string function, LayoutSymbol symbol) in TestDriver.Symbols)
        {
            ulong address = Driver + symbol.Address;
            CodeMap map = Frames(address);
            Assert.AreEqual(symbol.Address, map.Begin, function);
            Assert.IsLessThanOrEqualTo(symbol.Address + symbol.Size, map.End, function);
            if (StackFunctions.All.TryGetValue(function, out int frame))
            {
                Assert.AreEqual(frame, map.Frame, function);
            }
        }
    }

    private static CodeSites Ask(Scenario scenario) =>
        new(new InMemoryTarget(Kernel(scenario)), () => false, CodeLimits.Prompt with { Time = TimeSpan.FromSeconds(60) });

    private static SyntheticKernel Kernel(Scenario scenario)
    {
        KernelTypes types = KernelTypes.Load("10.0.22621");
        return SyntheticKernel.WithImages(scenario, types);
    }

    private static byte Code(Scenario scenario, ulong address)
    {
        byte[] code = new byte[1];
        Kernel(scenario).Memory.Read(address, code);
        return code[0];
    }

    // A function's row of .pdata, and its frame with the return address: what its unwind codes push and allocate.
    private static CodeMap Frames(ulong address)
    {
        SyntheticKernel kernel = Kernel(Walkthrough.PushLock153);
        uint header = Number(Driver + 0x3c), table = Number(Driver + header + 24 + 112 + 24),
            size = Number(Driver + header + 24 + 112 + 28);
        for (ulong row = Driver + table; row < Driver + table + size; row += 12)
        {
            if (Driver + Number(row) == address)
            {
                return new CodeMap(Number(row), Number(row + 4), Frame(Driver + Number(row + 8)));
            }
        }

        throw new ArgumentException($"There is no row for {address:x}.");

        int Frame(ulong unwind)
        {
            const int push = 0, allocateLarge = 1, allocateSmall = 2;
            int frame = 8;
            for (ulong code = unwind + 4, end = code + (Number(unwind) >> 16 & 0xff) * 2; code < end; code += 2)
            {
                uint operation = Number(code) >> 8 & 0xf, information = Number(code) >> 12 & 0xf;
                frame += operation switch
                {
                    push => 8,
                    allocateSmall => (int)information * 8 + 8,
                    allocateLarge => (int)(Number(code) >> 16) * 8,
                    _ => throw new InvalidOperationException($"unwind operation {operation}"),
                };
                code += operation == allocateLarge ? 2u : 0;
            }

            return frame;
        }

        uint Number(ulong at)
        {
            byte[] bytes = new byte[4];
            kernel.Memory.Read(at, bytes);
            return BitConverter.ToUInt32(bytes);
        }
    }

    private sealed record CodeMap(uint Begin, uint End, int Frame);
}
