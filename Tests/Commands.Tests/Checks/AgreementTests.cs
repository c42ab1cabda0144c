using System.Text.Json;
using KernelImages;
using KernelImages.Kernel;
using KernelImages.LockStates;
using LockLeak.Layouts;
using LockLeak.Target;

namespace LockLeak.Tests.Checks;

/// <summary>
/// What the kernel says twice agrees on every machine that nobody has damaged, whatever its threads are in the middle of.
/// </summary>
[TestClass]
public sealed class AgreementTests
{
    /// <summary>
    /// Scenarios that write over the structures which are compared: each has to be caught, by one check at least where the damage is of
    /// that kind.
    /// </summary>
    private static readonly HashSet<string> Damaged = ["corrupt-entry", "garbage-lists", "garbage-cycles", "garbage-counts"];

    public static IEnumerable<(string Scenario, string Build)> Machines =>
        Tests.Machines.All.Where(machine => !Damaged.Contains(machine.Scenario));

    public static IEnumerable<(string State, string Build)> States =>
        from state in LockStateLibrary.All from build in state.Builds select (state.Id, build);

    [TestMethod]
    [DynamicData(nameof(Machines))]
    public void AllChecksAgree(string scenario, string build)
    {
        AssertAgreement(Tests.Machines.Target(scenario, build), "!lockleak -check -json");
        AssertAgreement(new InMemoryTarget(Tests.Machines.Kernel(scenario, build)) { IsLive = true, HasNoSymbols = true },
            "!lockleak -check -json");
    }

    [TestMethod]
    [DynamicData(nameof(Machines))]
    public void WithoutTheOptionNothingIsSaidOfThem(string scenario, string build)
    {
        JsonElement report = Session.Run(Tests.Machines.Target(scenario, build), "!lockleak -json").Json;

        Assert.IsFalse(report.TryGetProperty("checks", out _));
        Assert.DoesNotContain("contradicts", report.GetProperty("notes").ToString());
    }

    [TestMethod]
    [DynamicData(nameof(States))]
    public void AllChecksAgreeWhileThreadsFightForLocks(string state, string build) =>
        AssertAgreement(
            new InMemoryTarget(SyntheticKernel.Build(LockStateMachine.Of(state, LockStateLibrary.Find(state)), KernelTypes.Load(build))),
            "!lockleak -check -json");

    private static void AssertAgreement(InMemoryTarget target, string line)
    {
        Answer answer = Session.Run(target, line);
        string disagreements = string.Join(
            '\n', answer.Json.GetProperty("checks").EnumerateArray().Where(check => check.GetProperty("disagreed").GetInt32() > 0)
                .Select(check => check.ToString()));

        Assert.AreEqual("", disagreements);
        Assert.AreEqual(new CommandResult(CommandResult.Ok, 0), answer.Result);
    }
}
