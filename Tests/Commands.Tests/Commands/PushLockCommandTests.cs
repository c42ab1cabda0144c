using System.Text.Json;
using KernelImages;
using KernelImages.Kernel;

namespace LockLeak.Tests.Commands;

/// <summary>!pushlock on what is no push lock, or no longer one.</summary>
[TestClass]
public sealed class PushLockCommandTests
{
    [TestMethod]
    [DataRow("deadlock3", "volume resource", "resource", "owned exclusively")]
    [DataRow("deadlock3", "map mutex", "fast mutex", "owned exclusively")]
    [DataRow("bugcheck16e", "file resource", "resource", "1 shared owner")]
    [DataRow("mutexes", "single instance", "mutant", "owned exclusively")]
    public void AnotherKindOfLockIsCalledByItsName(string scenario, string name, string kind, string state)
    {
        InMemoryTarget target = Machines.Target(scenario);
        string line = $"!pushlock {target.Kernel.Lock(name):x}";

        StringAssert.StartsWith(Session.Run(target, line).Output, $"{char.ToUpperInvariant(kind[0])}{kind[1..]}, not a push lock: ");
        StringAssert.Contains(Session.Run(target, line).Output.Split('\n')[0], state);
        JsonElement json = Session.Run(target, $"{line} -json").Json;
        Assert.AreEqual((kind, true, false),
            (json.GetProperty("kind").GetString(), json.GetProperty("locked").GetBoolean(), json.GetProperty("waking").GetBoolean()));
        Assert.AreEqual(json.GetProperty("waiters").GetArrayLength() > 0, json.GetProperty("waiting").GetBoolean());
    }

    [TestMethod]
    public void MemoryThatCannotBeAPushLockIsSaidToBeNone()
    {
        InMemoryTarget target = Machines.Target("clean");
        ulong thread = target.Kernel.Thread("worker");

        string output = Session.Run(target, $"!pushlock {thread + (ulong)target.Kernel.Types.OffsetOf("_KTHREAD", "StackBase"):x}").Output;

        StringAssert.Contains(output, "which is the value of no push lock");
        StringAssert.Contains(output, "Note: ");
    }

    [TestMethod]
    public void AFreeLockIsFree()
    {
        InMemoryTarget target = Machines.Target("bugcheck152");
        StringAssert.StartsWith(Session.Run(target, $"!pushlock {target.Kernel.Lock("file lock"):x}").Output,
            $"Push lock {LockLeak.Kernel.Address.Text(target.Kernel.Lock("file lock"))}  free\n    owners    none\n    waiters   none\n");
    }

    [TestMethod]
    public void WaitersWhoseThreadsCannotBeFoundKeepTheirWaitBlocks()
    {
        const ulong Older = 0xffffc788_70000000, Newer = 0xffffc788_70000100;
        SyntheticKernel kernel = Machines.Fresh("clean");
        kernel.Typed.SetQuads(kernel.Lock("registry lock"), Newer | 3);
        kernel.Typed.SetQuads(Newer + 8, Newer + 8, Newer + 8, Older, Older, 0, 1UL << 32 | uint.MaxValue);
        kernel.Typed.SetQuads(Older + 8, Older + 8, Older + 8, 0, Older, Newer, unchecked((uint)-2));

        string output = Session.Run(new InMemoryTarget(kernel), $"!pushlock {kernel.Lock("registry lock"):x} -v").Output;

        StringAssert.Contains(output, """
                waiters   2, oldest first
                  unknown thread  shared     block ffffc788`70000000  by wait-block
                  unknown thread  exclusive  block ffffc788`70000100  by wait-block
            """);
    }

    [TestMethod]
    public void TheOrderOfWaitersIsNotClaimedWhenTheirQueueIsBroken()
    {
        InMemoryTarget target = Machines.Target("garbage-lists");
        string output = Session.Run(target, $"!pushlock {target.Kernel.Lock("file lock"):x}").Output;
        StringAssert.Contains(output, "    waiters   2\n");
    }
}
