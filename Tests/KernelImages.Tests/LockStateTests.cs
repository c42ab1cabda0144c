using System.Collections.Concurrent;
using KernelImages.Kernel;
using KernelImages.LockStates;
using KernelImages.Memory;
using LockLeak.Layouts;

namespace KernelImages.Tests;

/// <summary>
/// The machines that states are written to are what the states say, on every build. The memory is read back here by the
/// rules of the kernel's documents and not by the product, so that a mistake of the writer shows itself.
/// </summary>
[TestClass]
public sealed class LockStateTests
{
    private const int PageSize = AddressSpace.PageSize;

    private static readonly ConcurrentDictionary<string, Lazy<SyntheticKernel>> Machines = new();

    public static IEnumerable<object[]> Builds =>
        LockStateLibrary.All.SelectMany(state => state.Builds).Distinct().Select(build => new object[] { build });

    [TestMethod]
    public void AllStatesAreThere()
    {
        Assert.HasCount(120, LockStateLibrary.All);
        (string, int, int, int)[] expected =
            [("push", 60, 106, 75), ("hang", 20, 20, 20), ("resource", 20, 33, 24), ("mutex", 10, 15, 11), ("blocked", 10, 14, 11)];
        CollectionAssert.AreEqual(expected, LockStateLibrary.All.GroupBy(state => state.Set.Split(' ')[0]).Select(set => (
            set.Key, set.Count(), set.Sum(state => state.Locks.Count(item => item.IsContended)),
            set.Sum(state => state.Locks.Count(item => item is { IsContended: true, IsSteady: true })))).ToArray());
        Assert.IsTrue(LockStateLibrary.All.All(state => state.Locks.Index().All(pair => pair.Index == pair.Item.Id)));
    }

    [TestMethod]
    [DynamicData(nameof(Builds))]
    public void StacksAndLocksHoldWhatTheStateHolds(string build)
    {
        foreach ((LockState state, SyntheticKernel kernel) in MachineOf(build))
        {
            Dictionary<ulong, byte[]> pages = [];
            byte[] PageOf(ulong address) =>
                pages.TryGetValue(address / PageSize, out byte[]? page) ? page : pages[address / PageSize] = new byte[PageSize];
            foreach (StateThread thread in state.Threads)
                for (ulong address = thread.StackLimit; address < thread.StackBase; address += PageSize) PageOf(address);
            foreach ((ulong address, byte[] bytes) in state.Memory)
                for (int i = 0; i < bytes.Length; i++) PageOf(address + (ulong)i)[(address + (ulong)i) % PageSize] = bytes[i];
            foreach (ulong address in FilledIn(kernel, state))
            {
                BitConverter.TryWriteBytes(PageOf(address).AsSpan((int)(address % PageSize)), kernel.Typed.GetQuad(address));
            }
            byte[] read = new byte[PageSize];
            foreach ((ulong page, byte[] bytes) in pages)
            {
                Assert.AreEqual(read.Length, kernel.Memory.Read(page * PageSize, read));
                Assert.IsTrue(read.AsSpan().SequenceEqual(bytes), $"{state.Id} {page * PageSize:x}");
            }
            foreach ((ulong address, int thread, uint low) in state.ThreadPointers)
            {
                Assert.AreEqual(ThreadOf(kernel, state, thread) + low, kernel.Typed.GetQuad(address));
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Builds))]
    public void ThreadsDoWhatTheStateSays(string build)
    {
        foreach ((LockState state, SyntheticKernel kernel) in MachineOf(build))
        {
            foreach ((int number, StateThread expected) in state.Threads.Index())
            {
                ulong thread = ThreadOf(kernel, state, number), block = kernel.Typed.Get("_KTHREAD", thread, "WaitBlockList");
                ulong OfThread(string field) => kernel.Typed.Get("_KTHREAD", thread, field);
                // _KTHREAD_STATE: 1 Ready, 5 Waiting.
                Assert.AreEqual(expected.State switch { "Ready" => 1ul, "Waiting" => 5ul, _ => 99ul }, OfThread("State"));
                Assert.AreEqual(expected.WaitReason, kernel.Types.EnumName("_KWAIT_REASON", (long)OfThread("WaitReason")));
                Assert.AreEqual((expected.StackLimit, expected.StackBase), (OfThread("StackLimit"), OfThread("StackBase")));
                Assert.IsTrue(OfThread("KernelStack") > expected.StackLimit &&
                    state.Memory.All(piece => piece.Address < expected.StackLimit || piece.Address > OfThread("KernelStack")));
                Assert.AreEqual(expected.WaitObject ?? 0, block == 0 ? 0 : kernel.Typed.Get("_KWAIT_BLOCK", block, "Object"),
                    LockStateMachine.ThreadName(state, number));
            }
            foreach ((ulong dispatcher, IReadOnlyList<int> threads) in state.Waits)
            {
                ulong[] waiting = [.. Walk(kernel, dispatcher + 8).Select(link => kernel.Typed.Get("_KWAIT_BLOCK", link, "Thread"))];
                CollectionAssert.AreEqual(threads.Select(number => ThreadOf(kernel, state, number)).ToArray(), waiting, state.Id);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Builds))]
    public void EntriesSayWhatTheClaimsSay(string build)
    {
        foreach ((LockState state, SyntheticKernel kernel) in MachineOf(build))
        {
            bool hasEntries = kernel.Types.SizeOf("_KLOCK_ENTRY") is not null;
            foreach ((int number, StateThread thread) in state.Threads.Index())
            {
                foreach (StateClaim claim in thread.Claims)
                {
                    ulong entry = EntryOf(kernel, state, number, claim.Lock);
                    Assert.AreEqual(hasEntries && claim.Entry != "none", entry != 0, Name(state, state.Locks[claim.Lock]));
                    if (entry == 0) continue;
                    ulong lockUnsafe = kernel.Typed.Get("_KLOCK_ENTRY", entry, "LockUnsafe");
                    Assert.AreEqual(state.Locks[claim.Lock].Address, lockUnsafe & ~3ul | 1ul << 63, Name(state, state.Locks[claim.Lock]));
                    Assert.AreEqual(state.Locks[claim.Lock].IsContended, lockUnsafe >> 63 != 0, Name(state, state.Locks[claim.Lock]));
                    Assert.AreEqual((claim.Entry == "owns", claim.Entry == "waits"),
                        (IsSet(kernel, entry, "AcquiredByte"), IsSet(kernel, entry, "WaitingByte", "WaitingBit", "LockState.Waiting")));
                }
            }
            foreach ((ulong address, int thread, int item) in state.EntryPointers.Where(_ => kernel.Types.Build >= 19041))
                Assert.AreEqual(EntryOf(kernel, state, thread, item), kernel.Typed.GetQuad(address), state.Id);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Builds))]
    public void PushLocksReadByTheRuleAreTheTruth(string build)
    {
        foreach ((LockState state, SyntheticKernel kernel) in MachineOf(build))
        {
            foreach (StateLock item in state.Locks.Where(item => item.Kind == "push lock"))
            {
                string name = Name(state, item);
                PushLockQueue queue = PushLockQueue.Read(kernel.Typed.GetQuad, item.Address, isBlocked: state.Set == "blocked");
                CollectionAssert.AreEqual(item.Waiters.Select(waiter => waiter.Block!.Value).ToArray(), queue.OldestFirst.ToArray(), name);
                CollectionAssert.AreEqual(item.Waiters.Select(waiter => waiter.Mode).ToArray(),
                    queue.OldestFirst.Select(queue.ModeOf).ToArray(), name);
                foreach (StateWaiter waiter in item.Waiters)
                    Assert.IsTrue(waiter.Block >= state.Threads[waiter.Thread].StackLimit &&
                        waiter.Block < state.Threads[waiter.Thread].StackBase, name);
                if (!item.IsSteady || state.Set == "blocked") continue;

                Assert.AreEqual((item.Owners.Count > 0, item.IsContended), (queue.IsLocked, queue.IsWaiting), name);
                if (queue.SharedOwners is { } shared) Assert.AreEqual(item.Owners.Count(owner => owner.Mode == "shared"), shared, name);
                foreach (StateWaiter waiter in item.Waiters) Assert.AreEqual(waiter.Block, state.Threads[waiter.Thread].WaitObject, name);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Builds))]
    public void ResourcesReadByTheirFieldsAreTheTruth(string build)
    {
        foreach ((LockState state, SyntheticKernel kernel) in MachineOf(build))
        {
            ulong[] listed = [.. Walk(kernel, kernel.Modules.Kernel("ExpSystemResourcesList"))];
            foreach (StateLock item in state.Locks.Where(item => item.Kind == "resource"))
            {
                CollectionAssert.Contains(listed, item.Address);
                ulong Field(string field) => kernel.Typed.Get("_ERESOURCE", item.Address, field);
                ulong[] dispatchers = [Field("SharedWaiters"), Field("ExclusiveWaiters")];
                ulong[] waiting = [.. dispatchers.Where(dispatcher => dispatcher != 0)
                    .SelectMany(dispatcher => Walk(kernel, dispatcher + 8))
                        .Select(link => kernel.Typed.Get("_KWAIT_BLOCK", link, "Thread"))];
                ulong[] truth = [.. item.Waiters.Select(waiter => ThreadOf(kernel, state, waiter.Thread))];
                if (!item.IsSteady) continue;

                CollectionAssert.AreEquivalent(truth, waiting, Name(state, item));
                ulong table = Field("OwnerTable"), size = (ulong)kernel.Types.RequiredSizeOf("_OWNER_ENTRY");
                ulong count = table == 0 ? 0 : kernel.Typed.Get("_OWNER_ENTRY", table, "TableSize");
                List<ulong> entries = [item.Address + kernel.Types.OffsetOf("_ERESOURCE", "OwnerEntry")];
                for (ulong i = 1; i < count; i++) entries.Add(table + i * size);
                // A thread that waits for shared access is in the table before it owns anything.
                ulong[] owners = [.. entries.Select(entry => kernel.Typed.Get("_OWNER_ENTRY", entry, "OwnerThread"))
                    .Where(owner => owner != 0 && !truth.Contains(owner))];
                CollectionAssert.AreEquivalent(
                    item.Owners.Select(owner => ThreadOf(kernel, state, owner.Thread) + (owner.ByPointer ? 3ul : 0)).ToArray(), owners,
                    Name(state, item));
                Assert.AreEqual(item.Owners is [{ Mode: "exclusive" }], (Field("Flag") & 0x80) != 0, Name(state, item));
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Builds))]
    public void MutexesReadByTheirFieldsAreTheTruth(string build)
    {
        foreach ((LockState state, SyntheticKernel kernel) in MachineOf(build))
        {
            foreach (StateLock item in state.Locks.Where(item => item.Kind.EndsWith("mutex", StringComparison.Ordinal) && item.IsSteady))
            {
                // The gate of a guarded mutex lies where the event of a fast mutex lies.
                ulong wakeEvent = item.Address + kernel.Types.OffsetOf("_FAST_MUTEX", "Event");
                ulong[] waiting = [.. Walk(kernel, wakeEvent + 8).Select(link => kernel.Typed.Get("_KWAIT_BLOCK", link, "Thread"))];
                CollectionAssert.AreEqual(item.Waiters.Select(waiter => ThreadOf(kernel, state, waiter.Thread)).ToArray(), waiting,
                    Name(state, item));
                Assert.AreEqual(item.Owners is [{ } owner] ? ThreadOf(kernel, state, owner.Thread) : 0,
                    kernel.Typed.Get("_FAST_MUTEX", item.Address, "Owner"), Name(state, item));
            }
        }
    }

    /// <summary>The states that could have happened on a build, all on one machine.</summary>
    private static IEnumerable<(LockState State, SyntheticKernel Kernel)> MachineOf(string build)
    {
        LockState[] states = [.. LockStateLibrary.All.Where(state => state.Builds.Contains(build))];
        SyntheticKernel kernel =
            Machines.GetOrAdd(build,
            _ => new(() => SyntheticKernel.Build(LockStateMachine.Of("states", states), KernelTypes.Load(build)))).Value;
        return states.Select(state => (state, kernel));
    }

    /// <summary>Words that the state leaves open: pointers to threads and entries, and the links of lists.</summary>
    private static IEnumerable<ulong> FilledIn(SyntheticKernel kernel, LockState state) =>
    [
        .. state.ThreadPointers.Select(pointer => pointer.Address),
        .. state.EntryPointers.Where(_ => kernel.Types.Build >= 19041).Select(pointer => pointer.Address),
        .. state.Waits.SelectMany(wait => Links(wait.Object + 8)),
        .. state.Locks.Where(item => item.Kind == "resource").SelectMany(item => Links(item.Address)),
    ];

    private static ulong[] Links(ulong list) => [list, list + 8];

    private static ulong ThreadOf(SyntheticKernel kernel, LockState state, int number) =>
        kernel.Thread(LockStateMachine.ThreadName(state, number));

    private static ulong EntryOf(SyntheticKernel kernel, LockState state, int thread, int item) =>
        kernel.Entry(LockStateMachine.ThreadName(state, thread), LockStateMachine.LockName(state, item));

    private static string Name(LockState state, StateLock item) => LockStateMachine.LockName(state, item.Id);

    private static bool IsSet(SyntheticKernel kernel, ulong entry, params IEnumerable<string> names) =>
        names.Any(name => kernel.Typed.Get("_KLOCK_ENTRY", entry, name) != 0);

    private static IEnumerable<ulong> Walk(SyntheticKernel kernel, ulong head)
    {
        for (ulong link = kernel.Typed.GetQuad(head); link != head; link = kernel.Typed.GetQuad(link))
        {
            Assert.AreNotEqual(0ul, link, "the list is broken");
            yield return link;
        }
    }
}
