using KernelImages.Kernel;
using KernelImages.LockStates;
using KernelImages.LockStates.Check;
using LockLeak.Layouts;

namespace KernelImages.Tests;

/// <summary>The comparison of answers with the truth takes the truth for right, and nothing else.</summary>
[TestClass]
public sealed class LockComparisonTests
{
    [TestMethod]
    public void TruthIsRight()
    {
        foreach (LockState state in LockStateLibrary.All)
            foreach (LockTruth truth in TruthsOf(state, state.Builds[0]))
                AssertFaults(truth, TrueAnswer(truth), []);
    }

    [TestMethod]
    [DataRow("s021", 0)]
    [DataRow("s022", 0)]
    [DataRow("s046", 2)]
    public void OldShareCountMayBeLeftUntold(string state, int item)
    {
        LockTruth truth = TruthOf(state, item);
        LockAnswer answer = TrueAnswer(truth);
        AssertFaults(truth, answer with { Exclusive = null, SharedOwners = 0 }, []);
        AssertFaults(truth, answer with { Exclusive = !answer.Exclusive, SharedOwners = 0 }, [FaultKind.Shares]);
    }

    [TestMethod]
    public void SharedOwnersAreToldWhereTheLockTellsThem()
    {
        LockTruth truth = TruthOf("s000", 0);
        LockAnswer answer = TrueAnswer(truth);
        AssertFaults(truth, answer with { Exclusive = null, SharedOwners = 0 }, [FaultKind.Shares]);
        AssertFaults(truth, answer with { SharedOwners = 2 }, [FaultKind.Shares]);
    }

    [TestMethod]
    public void OwnersOfPushLocksNeedLockEntries()
    {
        LockTruth without = TruthOf("s000", 2, "6.2.9200"), with = TruthOf("s000", 2, "10.0.14393");
        AssertFaults(without, TrueAnswer(without) with { Owners = [] }, []);
        AssertFaults(without, TrueAnswer(without) with { Owners = [without.Thread(1)] }, [FaultKind.Owners]);
        AssertFaults(with, TrueAnswer(with) with { Owners = [] }, [FaultKind.Owners]);
        AssertFaults(with, TrueAnswer(with) with { Owners = [with.Thread(4), with.Thread(1)] }, [FaultKind.Owners]);
    }

    [TestMethod]
    public void OwnerByPointerMayBeLeftUntold()
    {
        LockTruth truth = TruthOf("s081", 0);
        LockAnswer answer = TrueAnswer(truth);
        AssertFaults(truth, answer with { Owners = [truth.Thread(10), truth.Thread(11)] }, []);
        AssertFaults(truth, answer with { Owners = [truth.Thread(10), truth.Thread(11), truth.Thread(12) + 3] }, [FaultKind.Owners]);
        AssertFaults(truth, answer with { Owners = [truth.Thread(10), truth.Thread(11), truth.Thread(1)] }, [FaultKind.Owners]);
    }

    [TestMethod]
    public void WaitersAreExactAndOldestFirst()
    {
        LockTruth truth = TruthOf("s000", 2, "10.0.14393");
        LockAnswer answer = TrueAnswer(truth);
        IReadOnlyList<WaiterAnswer> waiters = answer.Waiters;
        AssertFaults(truth, answer with { Waiters = [.. waiters.Skip(1)] }, [FaultKind.Waiters]);
        AssertFaults(truth, answer with { Waiters = [.. waiters, new(truth.Thread(4), null, null)] }, [FaultKind.Waiters]);
        AssertFaults(truth, answer with { Waiters = [.. waiters, waiters[0]] }, [FaultKind.Waiters]);
        AssertFaults(truth, answer with { Waiters = [waiters[0] with { Thread = null }, .. waiters.Skip(1)] }, [FaultKind.Waiters]);
        AssertFaults(truth, answer with { Waiters = [.. waiters.Reverse()] }, [FaultKind.Order]);
        AssertFaults(truth, answer with { Waiters = [waiters[0] with { Block = waiters[1].Block }, .. waiters.Skip(1)] },
            [FaultKind.Blocks]);
        AssertFaults(truth, answer with { Waiters = [waiters[0] with { Mode = "shared" }, .. waiters.Skip(1)] }, [FaultKind.Modes]);
        AssertFaults(truth, answer with { Waiters = [waiters[0] with { Mode = null }, .. waiters.Skip(1)] }, [FaultKind.Modes]);
    }

    [TestMethod]
    public void KindAndFlagsAreExact()
    {
        LockTruth truth = TruthOf("s000", 2, "10.0.14393");
        LockAnswer answer = TrueAnswer(truth);
        AssertFaults(truth, answer with { Kind = "unknown" }, [FaultKind.Kind]);
        AssertFaults(truth, answer with { Value = 0 }, [FaultKind.Flags]);
        AssertFaults(truth, answer with { Locked = false }, [FaultKind.Flags]);
        AssertFaults(truth, answer with { Waking = true }, [FaultKind.Flags]);
        AssertFaults(truth, answer with { MultipleShared = true }, [FaultKind.Flags]);
    }

    [TestMethod]
    public void BlockedPushLockHasNoModes()
    {
        LockTruth truth = TruthOf("s115", 0);
        LockAnswer answer = TrueAnswer(truth);
        AssertFaults(truth, answer with { Waiters = [answer.Waiters[0] with { Mode = "shared" }, .. answer.Waiters.Skip(1)] },
            [FaultKind.Modes]);
        AssertFaults(truth, answer with { Locked = true }, [FaultKind.Flags]);
    }

    [TestMethod]
    public void LockInFlightMayLagOrLeadByItsStep()
    {
        // 2 is queued and does not wait yet, 12 is woken and does not run yet.
        LockTruth truth = TruthOf("s005", 2, "10.0.14393");
        LockAnswer answer = TrueAnswer(truth);
        WaiterAnswer queued = answer.Waiters[0], woken = new(truth.Thread(12), null, null);
        AssertFaults(truth, answer with { Waiters = [] }, []);
        AssertFaults(truth, answer with { Waiters = [queued with { Thread = null }, woken] }, []);
        AssertFaults(truth, answer with { Waiters = [queued with { Thread = null, Block = queued.Block + 0x40 }] }, [FaultKind.Waiters]);
        AssertFaults(truth, answer with { Waiters = [queued, woken with { Block = queued.Block }] }, [FaultKind.Blocks]);
        AssertFaults(truth, answer with { Waiters = [queued, new(truth.Thread(5), null, null)] }, [FaultKind.Waiters]);
        AssertFaults(truth, answer with { Owners = [truth.Thread(5)] }, [FaultKind.Owners]);
    }

    private static void AssertFaults(LockTruth truth, LockAnswer answer, string[] kinds)
    {
        (string Kind, string Text)[] faults = [.. LockComparison.Faults(truth, answer)];
        CollectionAssert.AreEqual(kinds, faults.Select(fault => fault.Kind).Distinct().ToArray(),
            $"{truth.State.Id}/{truth.Item.Id}: {string.Join("; ", faults.Select(fault => fault.Text))}");
    }

    private static LockAnswer TrueAnswer(LockTruth truth)
    {
        bool? exclusive = truth.Item.Owners.Count == 0 ? null : truth.Item.Owners[0].Mode == "exclusive";
        bool Bit(int number) => truth.IsPushLock && !truth.IsBlocked && (truth.Value >> number & 1) != 0;
        return new LockAnswer(
            truth.Item.Address, truth.Item.Kind, [.. truth.Item.Owners.Select(owner => truth.Thread(owner.Thread))],
            [.. truth.Item.Waiters.Select(waiter => new WaiterAnswer(truth.Thread(waiter.Thread), waiter.Block, waiter.Mode))])
        {
            Value = truth.Value,
            Locked = truth.IsPushLock ? Bit(0) : truth.Item.Owners.Count > 0,
            Waiting = truth.IsPushLock ? Bit(1) : truth.Item.IsContended,
            Waking = Bit(2),
            MultipleShared = Bit(1) && Bit(3),
            Exclusive = exclusive,
            SharedOwners = exclusive == false ? truth.Item.Owners.Count : 0,
        };
    }

    private static LockTruth TruthOf(string id, int item, string? build = null) =>
        TruthsOf(LockStateLibrary.Find(id), build ?? LockStateLibrary.Find(id).Builds[^1]).ElementAt(item);

    private static IEnumerable<LockTruth> TruthsOf(LockState state, string build)
    {
        SyntheticKernel kernel = SyntheticKernel.Build(LockStateMachine.Of(state.Id, state), KernelTypes.Load(build));
        return state.Locks.Select(item => new LockTruth(kernel, state, item));
    }
}
