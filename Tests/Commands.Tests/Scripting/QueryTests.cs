using System.Text.Json.Nodes;
using KernelImages;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Kernel;
using LockLeak.Layouts;
using LockLeak.Reports;
using LockLeak.Scripting;
using LockLeak.Target;

namespace LockLeak.Tests.Scripting;

/// <summary>The answers as data, as the debugger's data model asks for them.</summary>
[TestClass]
public sealed class QueryTests
{
    private static readonly LockAddress Lock = new(0xffffc7883a0f6f70);
    private static readonly ThreadAddress Owner = new(0xffffc78839108040), Waiter = new(0xffffc78838a32040);
    private static readonly EntryAddress OwnerEntry = new(0xffffc788391086e0), WaiterEntry = new(0xffffc78838a326e0);

    public static IEnumerable<object[]> Builds => KernelTypes.Builds.Select(build => new object[] { build });

    private readonly InMemoryTarget target = new(SyntheticKernel.Build(Walkthrough.PushLock153, KernelTypes.Load("22621")));
    private readonly RecordingConsole console = new();

    [TestMethod]
    public void MachineNamesFindingOwnerAndWaiter()
    {
        var report = (LockLeakReport)Queries.Machine(target, console).Found;

        FindingReport finding = report.Findings.Single();
        Assert.AreEqual(("leaked-entry", Owner, OwnerEntry, Lock),
            (finding.Kind.Name, finding.Thread.GetValueOrDefault(), finding.Entry.GetValueOrDefault(), finding.Lock.GetValueOrDefault()));
        CollectionAssert.AreEqual(new[] { Waiter }, finding.Waiters.ToArray());
        Assert.AreEqual(Owner, report.Locks.Single(node => node.Lock == Lock).Owners.Single().Thread);
    }

    [TestMethod]
    public void PushLockNamesOwnerAndWaiter()
    {
        var report = (PushLockReport)Queries.PushLock(target, console, Lock.Value).Found;

        Assert.AreEqual(Owner, report.Owners.Single().Thread);
        Assert.AreEqual(Waiter, report.Waiters.Single().Thread.GetValueOrDefault());
    }

    [TestMethod]
    public void ThreadHasTheLocksThatItOwnsAndWaitsFor()
    {
        Assert.AreEqual((Lock, "push lock", LockRelation.Owns, OwnerEntry),
            Facts(Uses(Queries.LocksOfThread(target, console, Owner.Value)).Single()));
        Assert.AreEqual((Lock, "push lock", LockRelation.Waits, WaiterEntry),
            Facts(Uses(Queries.LocksOfThread(target, console, Waiter.Value)).Single()));
    }

    /// <summary>
    /// The thread, its process, the object that it waits for, and its entries where they are elsewhere: two blocks of them since 24H2.
    /// </summary>
    [TestMethod]
    [DynamicData(nameof(Builds))]
    public void ThreadCostsFewReads(string build)
    {
        int most = build switch { "6.1.7601" or "6.2.9200" or "10.0.26100" or "10.0.26100.1742" => 9, "10.0.28000" => 10, _ => 6 };
        InMemoryTarget idle = Machines.Target("idle", build);
        List<ThreadAddress> threads = [.. JsonNode.Parse(Session.Run(idle, "!threadlocks -a -json").Output)!["threads"]!.AsArray()
            .Where(thread => thread!["entries"]!.AsArray().Count == 0)
                .Select(thread => new ThreadAddress(Convert.ToUInt64(thread!["thread"]!.GetValue<string>(), 16))).Take(20)];
        Queries.LocksOfThread(idle, console, threads[0].Value);

        foreach (ThreadAddress thread in threads)
        {
            int before = idle.Reads;
            Queries.LocksOfThread(idle, console, thread.Value);
            Assert.IsLessThanOrEqualTo(most, idle.Reads - before);
        }
    }

    [TestMethod]
    public void ProcessHasTheLocksOfItsThreads()
    {
        ProcessAddress system = ((LockLeakReport)Queries.Machine(target, console).Found).Threads[0].Process!.Value;

        CollectionAssert.AreEquivalent(new[] { Owner, Waiter },
            Uses(Queries.LocksOfProcess(target, console, system.Value)).Select(use => use.Thread).ToArray());
    }

    [TestMethod]
    public void EntryLeadsToItsThread()
    {
        Assert.AreEqual(Owner, ((LockUse)Queries.Entry(target, console, OwnerEntry.Value).Found).Thread);
        Assert.AreEqual(LockRelation.Free, ((LockUse)Queries.Entry(target, console, OwnerEntry.Value + 0x60).Found).Relation);
    }

    [TestMethod]
    public void WhatIsNoneIsRefused()
    {
        Assert.ThrowsExactly<CommandException>(() => Queries.LocksOfThread(target, console, Lock.Value));
        Assert.ThrowsExactly<CommandException>(() => Queries.LocksOfThread(target, console, 0));
        Assert.ThrowsExactly<CommandException>(() => Queries.Entry(target, console, Lock.Value));
        Assert.ThrowsExactly<CommandException>(() => Queries.PushLock(target, console, 0x1234));
    }

    private static IEnumerable<LockUse> Uses(ScriptAnswer answer) => ((ScriptList)answer.Found).Items.Cast<LockUse>();

    private static (LockAddress Lock, string Kind, LockRelation Relation, EntryAddress Entry) Facts(LockUse use) =>
        (use.Lock.GetValueOrDefault(), use.Kind.Name, use.Relation, use.Entry.GetValueOrDefault());
}
