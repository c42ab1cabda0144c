using System.Text.Json.Nodes;
using KernelImages;
using KernelImages.Kernel;
using KernelImages.Layouts;
using KernelImages.Scenarios;
using LockLeak.Reports;

namespace LockLeak.Tests;

/// <summary>The answers as data, as the debugger's data model asks for them.</summary>
[TestClass]
public sealed class QueryTests
{
    private const ulong Lock = 0xffffc7883a0f6f70, Owner = 0xffffc78839108040, Waiter = 0xffffc78838a32040, OwnerEntry = 0xffffc788391086e0, WaiterEntry = 0xffffc78838a326e0;

    public static IEnumerable<object[]> Builds => KernelTypes.Builds.Select(build => new object[] { build });

    private readonly InMemoryTarget target = new(SyntheticKernel.Build(Walkthrough.PushLock153, KernelTypes.Load("22621")));
    private readonly RecordingConsole console = new();

    [TestMethod]
    public void MachineNamesFindingOwnerAndWaiter()
    {
        LockLeakReport report = Queries.Machine(target, console);

        FindingReport finding = report.Findings.Single();
        Assert.AreEqual(("leaked-entry", Owner, OwnerEntry, Lock), (finding.Kind, finding.Thread, finding.Entry, finding.Lock));
        CollectionAssert.AreEqual(new[] { Waiter }, finding.Waiters.ToArray());
        Assert.AreEqual(Owner, report.Locks.Single(node => node.Lock == Lock).Owners.Single().Thread);
    }

    [TestMethod]
    public void PushLockNamesOwnerAndWaiter()
    {
        PushLockReport report = Queries.PushLock(target, console, Lock);

        Assert.AreEqual(Owner, report.Owners.Single().Thread);
        Assert.AreEqual(Waiter, report.Waiters.Single().Thread);
    }

    [TestMethod]
    public void ThreadHasTheLocksThatItOwnsAndWaitsFor()
    {
        Assert.AreEqual((Lock, "push lock", "owns", OwnerEntry), Facts(Queries.LocksOfThread(target, console, Owner).Single()));
        Assert.AreEqual((Lock, "push lock", "waits", WaiterEntry), Facts(Queries.LocksOfThread(target, console, Waiter).Single()));
    }

    /// <summary>The thread, its process, the object that it waits for, and its entries where they are elsewhere: two blocks of them since 24H2.</summary>
    [TestMethod]
    [DynamicData(nameof(Builds))]
    public void ThreadCostsFewReads(string build)
    {
        int most = build switch { "6.1.7601" or "6.2.9200" => 5, "10.0.26100" or "10.0.26100.1742" => 7, "10.0.28000" => 8, _ => 3 };
        InMemoryTarget idle = Machines.Target("idle", build);
        List<ulong> threads = [.. JsonNode.Parse(Session.Run(idle, "!threadlocks -a -json").Output)!["threads"]!.AsArray()
            .Where(thread => thread!["entries"]!.AsArray().Count == 0).Select(thread => Convert.ToUInt64(thread!["thread"]!.GetValue<string>(), 16)).Take(20)];
        Queries.LocksOfThread(idle, console, threads[0]);

        foreach (ulong thread in threads)
        {
            int before = idle.Reads;
            Queries.LocksOfThread(idle, console, thread);
            Assert.IsLessThanOrEqualTo(most, idle.Reads - before);
        }
    }

    [TestMethod]
    public void ProcessHasTheLocksOfItsThreads()
    {
        ulong system = Queries.Machine(target, console).Threads[0].Process!.Value;

        CollectionAssert.AreEquivalent(new[] { Owner, Waiter }, Queries.LocksOfProcess(target, console, system).Select(use => use.Thread).ToArray());
    }

    [TestMethod]
    public void EntryLeadsToItsThread()
    {
        Assert.AreEqual(Owner, Queries.Entry(target, console, OwnerEntry).Thread);
        Assert.AreEqual("free", Queries.Entry(target, console, OwnerEntry + 0x60).Relation);
    }

    [TestMethod]
    public void WhatIsNoneIsRefused()
    {
        Assert.ThrowsExactly<CommandException>(() => Queries.LocksOfThread(target, console, Lock));
        Assert.ThrowsExactly<CommandException>(() => Queries.LocksOfThread(target, console, 0));
        Assert.ThrowsExactly<CommandException>(() => Queries.Entry(target, console, Lock));
        Assert.ThrowsExactly<CommandException>(() => Queries.PushLock(target, console, 0x1234));
    }

    private static (ulong? Lock, string Kind, string Relation, ulong? Entry) Facts(LockUse use) => (use.Lock, use.Kind, use.Relation, use.Entry?.Entry);
}
