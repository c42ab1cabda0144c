using KernelImages.LockStates;
using KernelImages.LockStates.Check;

namespace LockLeak.Tests.LockStates;

/// <summary>
/// What the commands say of 120 states of machines under stress, whose truth is known, is true on every build. The memory
/// of these states comes from an independent implementation of the locks (Tests/KernelImages/LockStates/README.md).
/// </summary>
[TestClass]
public sealed class LockStateTests
{
    /// <summary>The part of the locks that has to be right.</summary>
    private const double Enough = 0.99;

    private static readonly Lazy<StateTable> Results = new(() => new StateTable(StateRun.InMemory(LockStateLibrary.All, _ => true)));

    public TestContext TestContext { get; set; } = null!;

    [TestInitialize]
    public void PrintTable() => TestContext.WriteLine(Results.Value.Table());

    [TestMethod]
    public void SteadyLocksThatAreWaitedForAreRight() => AssertMostAreRight(StateTable.IsSteadyAndContended);

    [TestMethod]
    public void SteadyLocksThatNobodyWaitsForAreRight() => AssertMostAreRight(StateTable.IsSteadyAndUncontended);

    [TestMethod]
    public void LocksInFlightAreRightButForTheStepInFlight() => AssertMostAreRight(StateTable.IsInFlight);

    [TestMethod]
    public void CommandsAnswer() => AssertNone([FaultKind.Error]);

    [TestMethod]
    public void HealthyMachinesGiveNoFinding() => AssertNone(FaultKind.False);

    [TestMethod]
    public void ThreadThatKeepsALockIsToldWithAllWhomItBlocks() => AssertNone([FaultKind.Hang]);

    private static void AssertMostAreRight(Func<StateLock, bool> isMeant)
    {
        (int right, int all) = Results.Value.Right(isMeant);
        string faults = Results.Value.Faults(fault => fault.Truth is { } truth && isMeant(truth) && FaultKind.OfLocks.Contains(fault.Kind));
        Assert.IsGreaterThanOrEqualTo(Enough * all, (double)right, $"{right} of {all} locks are right.\n{faults}");
    }

    private static void AssertNone(IReadOnlyList<string> kinds)
    {
        bool IsWanted(Fault fault) => kinds.Contains(fault.Kind);

        Assert.IsFalse(Results.Value.All.Any(IsWanted), Results.Value.Faults(IsWanted));
    }
}
