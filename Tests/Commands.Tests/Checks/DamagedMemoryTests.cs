using System.Text.Json;
using KernelImages;
using KernelImages.Kernel;

namespace LockLeak.Tests.Checks;

/// <summary>
/// A count or a pointer that was written over is caught by a check, told in a note of every run, and takes findings that rest on it their
/// certainty.
/// </summary>
[TestClass]
public sealed class DamagedMemoryTests
{
    private const string Build = "10.0.22621";

    /// <summary>What is damaged, in which scenario, and which check finds it.</summary>
    private static readonly Dictionary<string, (string Scenario, string Check, Action<SyntheticKernel> Damage)> Damages = new()
    {
        ["a process counts a thread too many"] =
            ("deadlock3", "active-threads", kernel => kernel.Typed.Set("_EPROCESS", kernel.Processes[^1].Address, "ActiveThreads", 4)),
        ["a process counts a thread too few"] =
            ("deadlock3", "active-threads", kernel => kernel.Typed.Set("_EPROCESS", kernel.Processes[^1].Address, "ActiveThreads", 2)),
        ["a thread was taken out of its list"] = ("deadlock3", "active-threads", Unlink),
        ["a thread's link back leads elsewhere"] =
            ("deadlock3", "thread-links", kernel => kernel.Typed.Set("_ETHREAD", Thread(kernel), "ThreadListEntry.Blink", Thread(kernel))),
        ["a thread has another's process ID"] =
            ("deadlock3", "threads", kernel => kernel.Typed.Set("_ETHREAD", Thread(kernel), "Cid.UniqueProcess", 0x999)),
        ["a thread's header is overwritten"] =
            ("deadlock3", "threads", kernel => kernel.Typed.Set("_KTHREAD", Thread(kernel), "Header.Type", 0x41)),
        ["an entry in use is marked as free"] =
            ("deadlock3", "entry-bitmaps", kernel => kernel.Typed.Set("_KTHREAD", Thread(kernel), "AbEntrySummary", 0x3f)),
        ["a free entry is marked as in use"] =
            ("deadlock3", "entry-bitmaps", kernel => kernel.Typed.Set("_KTHREAD", Thread(kernel), "AbEntrySummary", 0)),
        ["a thread counts a waiting entry too many"] =
            ("deadlock3", "wait-entries", kernel => kernel.Typed.Set("_KTHREAD", Thread(kernel), "AbWaitEntryCount", 5)),
        ["an entry that waits says that it does not"] =
            ("deadlock3", "wait-entries", kernel => kernel.Typed.Set("_KLOCK_ENTRY", Waiting(kernel), "WaitingByte", 0)),
        ["an entry names another lock"] =
            ("deadlock3", "entry-trees",
            kernel => kernel.Typed.Set("_KLOCK_ENTRY", Waiting(kernel), "LockUnsafe", kernel.Lock(kernel.Scenario.Locks[0].Name) + 0x40)),
        ["a wait block names another thread"] =
            ("deadlock3", "wait-blocks",
            kernel => kernel.Typed.Set("_KTHREAD", Thread(kernel), "WaitBlock[0].Thread", kernel.Threads[0].Address)),
        ["a wait block names another object"] =
            ("queue-behind-owner", "wait-blocks",
            kernel => kernel.Typed.Set("_KTHREAD", Queued(kernel).Address, "WaitBlock[0].Object", Queued(kernel).Address)),
        ["a thread on a wait list is not waiting"] =
            ("mutex-owner-sleeps", "waiter-states", kernel => kernel.Typed.Set("_KTHREAD", WaitsForMutant(kernel), "State", 0)),
        ["a thread in a queue waits with another reason"] =
            ("queue-behind-owner", "waiter-states", kernel => kernel.Typed.Set("_KTHREAD", Queued(kernel).Address, "WaitReason", 0)),
        ["a thread's stack is another one"] =
            ("queue-behind-owner", "push-lock-queues",
            kernel => kernel.Typed.Set("_KTHREAD", Queued(kernel).Address, "StackBase",
                kernel.Typed.Get("_KTHREAD", Queued(kernel).Address, "StackLimit") + 0x1000)),
        ["a resource counts a shared waiter too many"] =
            ("resource-queue", "resource-waiters", kernel => Add(kernel, "NumberOfSharedWaiters")),
        ["a resource counts an exclusive waiter too many"] =
            ("resource-queue", "resource-waiters", kernel => Add(kernel, "NumberOfExclusiveWaiters")),
        ["a resource counts an owner too many"] = ("resource-queue", "resource-owners", kernel => Add(kernel, "ActiveEntries")),
        ["a resource has lost its owner"] =
            ("resource-queue", "resource-owners", kernel => kernel.Typed.Set("_ERESOURCE", Resource(kernel), "OwnerEntry.OwnerThread", 0)),
        ["a mutant names another owner than the one that lists it"] =
            ("mutex-owner-sleeps", "mutant-owners",
            kernel => kernel.Typed.Set("_KMUTANT", Mutant(kernel), "OwnerThread", kernel.Threads[0].Address)),
    };

    public static IEnumerable<string> Names => Damages.Keys;

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void IsCaught(string damage)
    {
        InMemoryTarget target = Damaged(damage, out string check);

        Answer thorough = Session.Run(target, "!lockleak -check -json"), text = Session.Run(target, "!lockleak -check"),
            plain = Session.Run(target, "!lockleak -json");

        string[] disagreeing = [.. thorough.Json.GetProperty("checks").EnumerateArray()
            .Where(result => result.GetProperty("disagreed").GetInt32() > 0).Select(result => result.GetProperty("name").GetString()!)];
        CollectionAssert.Contains(disagreeing, check, thorough.Output);
        StringAssert.Contains(text.Output, $"DISAGREES  {check}: ");
        // Trees are only walked for -check.
        Assert.AreEqual(check != "entry-trees",
            plain.Json.GetProperty("notes").ToString().Contains("The kernel contradicts itself: ", StringComparison.Ordinal));
    }

    [TestMethod]
    [DataRow("a thread counts a waiting entry too many")]
    [DataRow("a thread has another's process ID")]
    [DataRow("a thread's link back leads elsewhere")]
    public void ADeadlockThatRestsOnItIsASuspicion(string damage)
    {
        InMemoryTarget whole = Tests.Machines.Target("deadlock3");
        Assert.AreEqual("certain", Deadlock(whole).GetProperty("certainty").GetString());

        JsonElement finding = Deadlock(Damaged(damage, out string check));
        Assert.AreEqual("suspect", finding.GetProperty("certainty").GetString());
        StringAssert.Contains(finding.GetProperty("reason").GetString(), $"!lockleak -check ({check})");
    }

    [TestMethod]
    public void ACorruptEntryStaysCertain()
    {
        JsonElement report = Session.Run(Tests.Machines.Target("corrupt-entry"), "!lockleak -check -json").Json;

        Assert.AreEqual("certain", report.GetProperty("findings")[0].GetProperty("certainty").GetString());
        Assert.AreEqual(1, report.GetProperty("checks").EnumerateArray()
            .Single(check => check.GetProperty("name").GetString() == "entry-threads").GetProperty("disagreed").GetInt32());
    }

    /// <summary>That nobody owns a lock means nothing where a process has threads that its list has not.</summary>
    [TestMethod]
    public void NoLockIsCalledOwnerlessWhereAThreadWasNotSeen()
    {
        SyntheticKernel kernel = Tests.Machines.Fresh("ownerless", Build);
        PlacedProcess process = kernel.Threads.First(thread => thread.Entries.Count > 0).Process;
        kernel.Typed.Set("_EPROCESS", process.Address, "ActiveThreads", (ulong)process.Threads.Count + 1);

        JsonElement report = Session.Run(new InMemoryTarget(kernel), "!lockleak -json").Json;

        Assert.AreEqual(0, report.GetProperty("findings").GetArrayLength());
        Assert.IsFalse(report.GetProperty("complete").GetBoolean());
    }

    private static JsonElement Deadlock(InMemoryTarget target) =>
        Session.Run(target, "!lockleak -json").Json.GetProperty("findings").EnumerateArray()
            .Single(finding => finding.GetProperty("kind").GetString() == "deadlock");

    private static InMemoryTarget Damaged(string name, out string check)
    {
        (string scenario, check, Action<SyntheticKernel> damage) = Damages[name];
        SyntheticKernel kernel = Tests.Machines.Fresh(scenario, Build);
        damage(kernel);
        return new InMemoryTarget(kernel);
    }

    private static ulong Thread(SyntheticKernel kernel) =>
        kernel.Threads.First(thread => thread.Entries.Any(entry => entry.Use == EntryUse.Waits)).Address;

    private static ulong Waiting(SyntheticKernel kernel) =>
        kernel.Threads.SelectMany(thread => thread.Entries).First(entry => entry.Use == EntryUse.Waits).Address;

    private static PlacedThread Queued(SyntheticKernel kernel) =>
        kernel.Threads.Last(thread => thread.WaitsFor is KernelImages.Scenarios.PushLock);

    private static ulong WaitsForMutant(SyntheticKernel kernel) =>
        kernel.Threads.First(thread => thread.WaitsFor is KernelImages.Scenarios.Mutant).Address;

    private static ulong Resource(SyntheticKernel kernel) =>
        kernel.Lock(kernel.Scenario.Locks.OfType<KernelImages.Scenarios.Resource>().First().Name);

    private static ulong Mutant(SyntheticKernel kernel) =>
        kernel.Lock(kernel.Scenario.Locks.OfType<KernelImages.Scenarios.Mutant>().First().Name);

    private static void Add(SyntheticKernel kernel, string count) =>
        kernel.Typed.Set("_ERESOURCE", Resource(kernel), count, kernel.Typed.Get("_ERESOURCE", Resource(kernel), count) + 1);

    private static void Unlink(SyntheticKernel kernel)
    {
        ulong links = Thread(kernel) + kernel.Types.OffsetOf("_ETHREAD", "ThreadListEntry"), next = kernel.Typed.GetQuad(links),
            previous = kernel.Typed.GetQuad(links + 8);
        kernel.Typed.SetQuads(previous, next);
        kernel.Typed.SetQuads(next + 8, previous);
    }
}
