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
    public void SteadyLocksThatAreWaitedForAreRight() => AssertMostAreRight(Results.Value.Contended, isInFlight: false);

    [TestMethod]
    public void SteadyLocksThatNobodyWaitsForAreRight() => AssertMostAreRight(Results.Value.Uncontended, isInFlight: false);

    [TestMethod]
    public void LocksInFlightAreRightButForTheStepInFlight() => AssertMostAreRight(Results.Value.Moving, isInFlight: true);

    [TestMethod]
    public void HealthyMachinesGiveNoFinding() => Assert.AreEqual("", Faults(FaultKind.False));

    [TestMethod]
    public void ThreadThatKeepsALockIsToldWithAllWhomItBlocks() => Assert.AreEqual("", Faults([FaultKind.Hang]));

    private static void AssertMostAreRight((int Right, int All) locks, bool isInFlight) =>
        Assert.IsGreaterThanOrEqualTo(
            Enough * locks.All, (double)locks.Right,
            $"{locks.Right} of {locks.All} locks are right.\n{Results.Value.Faults(fault => fault.IsInFlight == isInFlight && FaultKind.OfLocks.Contains(fault.Kind))}");

    private static string Faults(IReadOnlyList<string> kinds) => Results.Value.Faults(fault => kinds.Contains(fault.Kind));
}
