using System.Globalization;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Layouts;

namespace KernelImages.Tests;

/// <summary>Every scenario on every build: what the scenario says can be read back the way a debugger would read it.</summary>
[TestClass]
public sealed class ScenarioTests
{
    /// <summary>The busy machine is large and differs in nothing but size: one build is enough.</summary>
    public static IEnumerable<object[]> Undamaged =>
        from scenario in ScenarioLibrary.All
        where scenario.Damage is null
        from build in KernelTypes.Builds
        where scenario != Ordinary.Busy || build == "10.0.22621"
        where scenario.IsPossibleOn(KernelTypes.Load(build).Build)
        select new object[] { scenario.Name, build };

    [TestMethod]
    public void NamesAreUnique() => CollectionAssert.AllItemsAreUnique(ScenarioLibrary.All.Select(scenario => scenario.Name).ToArray());

    [TestMethod]
    [DynamicData(nameof(Undamaged))]
    public void ListsLeadToAllProcessesAndThreads(string scenario, string build)
    {
        SyntheticKernel kernel = Build(scenario, build);
        ulong links = kernel.Types.OffsetOf("_EPROCESS", "ActiveProcessLinks");
        ulong[] processes = [.. Walk(kernel, kernel.Modules.Kernel("PsActiveProcessHead")).Select(link => link - links)];
        CollectionAssert.AreEqual(kernel.Processes.Where(process => process.Spec.Pid != 0).Select(process => process.Address).ToArray(),
            processes);

        ulong head = kernel.Types.OffsetOf("_EPROCESS", "ThreadListHead"), entry = kernel.Types.OffsetOf("_ETHREAD", "ThreadListEntry");
        foreach (PlacedProcess process in kernel.Processes)
        {
            ulong[] threads = [.. Walk(kernel, process.Address + head).Select(link => link - entry)];
            CollectionAssert.AreEqual(process.Threads.Where(thread => !thread.Spec.Unlinked).Select(thread => thread.Address).ToArray(),
                threads);
            foreach (ulong thread in threads) Assert.AreEqual(process.Spec.Pid, kernel.Typed.Get("_ETHREAD", thread, "Cid.UniqueProcess"));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Undamaged))]
    public void WaitingThreadsWaitForAnObjectThatListsThem(string scenario, string build)
    {
        SyntheticKernel kernel = Build(scenario, build);
        foreach (PlacedThread thread in kernel.Threads.Where(thread =>
            thread.Spec is { Terminated: false, Ready: false, Processor: null } && thread.Wait?.Stage is not WaitStage.Woken))
        {
            ulong block = kernel.Typed.Get("_KTHREAD", thread.Address, "WaitBlockList");
            for (int i = 0; i < (thread.Spec.Wait?.Objects.Count ?? 1); i++, block += (ulong)kernel.Types.RequiredSizeOf("_KWAIT_BLOCK"))
            {
                ulong dispatcher = kernel.Typed.Get("_KWAIT_BLOCK", block, "Object");
                Assert.AreEqual(thread.Address, kernel.Typed.Get("_KWAIT_BLOCK", block, "Thread"), thread.Spec.Name);
                CollectionAssert.Contains(Walk(kernel, dispatcher + kernel.Types.OffsetOf("_DISPATCHER_HEADER", "WaitListHead")).ToArray(),
                    block, thread.Spec.Name);
            }
        }
    }

    /// <summary>
    /// The queue ends with the block that the first Last on the way from the newest leads to, whatever that block's Next says.
    /// </summary>
    [TestMethod]
    [DynamicData(nameof(Undamaged))]
    public void PushLocksLeadToTheirWaitersOldestLast(string scenario, string build)
    {
        const ulong Next = 0x18, Last = 0x20;
        SyntheticKernel kernel = Build(scenario, build);
        foreach (PushLock item in kernel.Scenario.Locks.OfType<PushLock>()
            .Where(item => item is { Value: null, Detached: false } && item.Queue.Any()))
        {
            List<ulong> blocks = [kernel.Typed.GetQuad(kernel.Lock(item.Name)) & ~0xful];
            ulong last = 0;
            while ((last == 0 ? last = kernel.Typed.GetQuad(blocks[^1] + Last) : last) != blocks[^1])
            {
                blocks.Add(kernel.Typed.GetQuad(blocks[^1] + Next));
            }
            blocks.Reverse();
            CollectionAssert.AreEqual(item.Queue.Select(claim => kernel.Placed(claim.Thread).Stack!.WaitBlock).ToArray(), blocks,
                item.Name);
            foreach ((Claim claim, ulong block) in item.Queue.Zip(blocks).Where(pair => pair.First.Stage == WaitStage.Sleeps))
                Assert.AreEqual(kernel.Thread(claim.Thread),
                    kernel.Typed.Get("_KWAIT_BLOCK", kernel.Typed.Get("_DISPATCHER_HEADER", block, "WaitListHead.Flink"), "Thread"));
        }
    }

    /// <summary>
    /// From Windows 10 on the waiters of a resource are in two rings: the newest shared one first, the oldest exclusive one first.
    /// </summary>
    [TestMethod]
    [DynamicData(nameof(Undamaged))]
    public void ResourcesLeadToTheirWaiters(string scenario, string build)
    {
        SyntheticKernel kernel = Build(scenario, build);
        if (kernel.Types.Build < 10240) return;
        foreach (Resource item in kernel.Scenario.Locks.OfType<Resource>())
        {
            CollectionAssert.AreEqual(item.Queue.Where(claim => claim.Shared).Reverse().Select(claim => kernel.Thread(claim.Thread))
                .ToArray(), Ring("SharedWaiters"), item.Name);
            CollectionAssert.AreEqual(item.Queue.Where(claim => !claim.Shared).Select(claim => kernel.Thread(claim.Thread)).ToArray(),
                Ring("ExclusiveWaiters"), item.Name);

            List<ulong> Ring(string field)
            {
                List<ulong> threads = [];
                ulong first = kernel.Typed.GetQuad(kernel.Lock(item.Name) + kernel.Types.OffsetOf("_ERESOURCE", field)), block = first;
                while (block != 0 && (block != first || threads.Count == 0))
                {
                    threads.Add(kernel.Typed.GetQuad(block + 0x10));
                    block = kernel.Typed.GetQuad(block);
                }
                return threads;
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Undamaged))]
    public void StacksAreWhatTheMemoryHolds(string scenario, string build)
    {
        SyntheticKernel kernel = Build(scenario, build);
        foreach (PlacedThread thread in kernel.Threads.Where(thread => thread.Stack is not null))
        {
            Assert.IsTrue(thread.Stack!.Frames.Count >= 2, thread.Spec.Name);
            foreach (var frame in thread.Stack.Frames.Skip(1))
            {
                Assert.AreEqual(frame.Instruction, kernel.Typed.GetQuad(frame.Stack - 8), thread.Spec.Name);
            }
        }
    }

    [TestMethod]
    public void BusyMachineHasItsThousandsOfThreads()
    {
        SyntheticKernel kernel = Build("busy", "10.0.22621");
        Assert.AreEqual(2000, kernel.Threads.Count(thread => thread.Process.Spec.Image.StartsWith("svc", StringComparison.Ordinal)));
        Assert.AreEqual(100, kernel.Processes.Count - 2,
            string.Create(CultureInfo.InvariantCulture, $"{kernel.Memory.Frames.Count} frames"));
    }

    internal static SyntheticKernel Build(string scenario, string build) =>
        SyntheticKernel.Build(ScenarioLibrary.Find(scenario), KernelTypes.Load(build));

    private static IEnumerable<ulong> Walk(SyntheticKernel kernel, ulong head)
    {
        for (ulong link = kernel.Typed.GetQuad(head); link != head; link = kernel.Typed.GetQuad(link))
        {
            Assert.AreNotEqual(0ul, link, "the list is broken");
            yield return link;
        }
    }
}
