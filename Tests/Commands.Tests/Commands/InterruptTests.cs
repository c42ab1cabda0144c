using System.Text.Json;
using KernelImages;
using LockLeak.Target;

namespace LockLeak.Tests.Commands;

/// <summary>Ctrl+Break at any moment: the command ends at once and shows what it has.</summary>
[TestClass]
public sealed class InterruptTests
{
    /// <summary>Reads that may still come after Ctrl+Break: those of the thread or lock at hand, and of names for what is shown.</summary>
    private const int MostReadsAfterwards = 24;

    [TestMethod]
    [DataRow("pushlock153", "!lockleak")]
    [DataRow("pushlock153", "!threadlocks -a")]
    [DataRow("pushlock153", "!pushlock ffffc788`3a0f6f70")]
    [DataRow("chain", "!lockleak -v")]
    [DataRow("ownerless", "!lockleak")]
    [DataRow("deadlock3", "!lockleak -a")]
    [DataRow("readers", "!threadlocks -s")]
    [DataRow("exhausted", "!lockleak")]
    [DataRow("clean", "!threadlocks -p csrss")]
    [DataRow("stale-waiter", "!lockleak")]
    [DataRow("deadlock3", "!lockleak -fast")]
    [DataRow("pushlock153", "!pushlock ffffc788`3a0f6f70 -fast")]
    public void EveryMomentGivesAnAnswer(string scenario, string line)
    {
        string[] whole = Findings(Session.Run(Machines.Target(scenario), $"{line} -json").Json);
        int reads = Machines.Target(scenario) is var all && Session.Run(all, line).Errors.Length == 0 ? all.Reads : 0;
        for (int n = 0; n <= reads; n++)
        {
            InMemoryTarget target = Machines.Target(scenario);
            Answer answer = Session.Run(target, $"{line} -json", Break(target, after: n));

            Assert.AreEqual(CommandResult.Ok, answer.Result.Status, $"after {n} reads");
            Assert.IsFalse(answer.Json.GetProperty("complete").GetBoolean(), $"after {n} reads");
            StringAssert.Contains(answer.Json.GetProperty("notes").ToString(), "Stopped by the user");
            CollectionAssert.IsSubsetOf(Findings(answer.Json), whole, $"after {n} reads");
            Assert.IsLessThanOrEqualTo(n + MostReadsAfterwards, target.Reads, $"after {n} reads");
        }
    }

    [TestMethod]
    public void TheTextSaysThatItIsPartial()
    {
        InMemoryTarget target = Machines.Target("busy");
        string output = Session.Run(target, "!lockleak", Break(target, after: 300)).Output;

        StringAssert.Contains(output, "\nNothing found in what could be looked at; the notes below say what was not.");
        StringAssert.Contains(output, "Note: Stopped by the user: only what was found so far is shown.");
        Assert.IsLessThan(600, target.Reads);
    }

    [TestMethod]
    public void WithoutCtrlBreakTheAnswerIsComplete() =>
        Assert.IsTrue(Session.Run(Machines.Target("chain"), "!lockleak -json").Json.GetProperty("complete").GetBoolean());

    [TestMethod]
    public void ProgressTellsHowFarTheWalkIs()
    {
        var console = new RecordingConsole();
        Session.Run(Machines.Target("busy"), "!lockleak", console);

        Assert.AreEqual("1 processes, 0 threads, System", console.ProgressLines[0]);
        Assert.Contains("101 processes, 1992 threads, svc099.exe", console.ProgressLines);
    }

    /// <summary>Whoever waits at the other end of a slow line takes a command that says nothing for a lost machine.</summary>
    [TestMethod]
    [DataRow("!lockleak")]
    [DataRow("!lockleak -p svc099")]
    [DataRow("!lockleak -a -v")]
    [DataRow("!threadlocks -v")]
    [DataRow("!threadlocks -s")]
    [DataRow("!pushlock ffffc788`00014000")]
    [DataRow("!lockleak -fast")]
    public void NoPartOfACommandIsSilentForLong(string line)
    {
        const int mostReads = 24;
        InMemoryTarget target = Machines.Target("busy");
        int reads = 0, silent = 0;
        var console = new RecordingConsole { Progressed = () => (silent, reads) = (Math.Max(silent, target.Reads - reads), target.Reads) };
        Session.Run(target, line, console);

        Assert.IsLessThanOrEqualTo(mostReads, Math.Max(silent, target.Reads - reads));
    }

    private static RecordingConsole Break(InMemoryTarget target, int after) => new() { Interrupt = () => target.Reads >= after };

    private static string[] Findings(JsonElement report) => report.TryGetProperty("findings", out JsonElement findings)
        ? [.. findings.EnumerateArray()
            .Select(finding => $"{finding.GetProperty("kind")} {finding.GetProperty("thread")} {finding.GetProperty("lock")}")]
        : [];
}
