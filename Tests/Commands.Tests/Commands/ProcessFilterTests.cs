using KernelImages;

namespace LockLeak.Tests.Commands;

/// <summary>-p: which processes a command looks at.</summary>
[TestClass]
public sealed class ProcessFilterTests
{
    [TestMethod]
    [DataRow("4")]
    [DataRow("0x4")]
    [DataRow("0n4")]
    [DataRow("System")]
    [DataRow("system")]
    [DataRow("SYSTEM")]
    [DataRow("ffffc788`31ceb040")]
    [DataRow("0xffffc78831ceb040")]
    [DataRow("\"System\"")]
    public void AProcessIsFoundByItsNumberItsNameAndItsAddress(string process) => AssertThreads(process, "pushlock153", 3);

    [TestMethod]
    [DataRow("MsMpEng.exe")]
    [DataRow("MsMpEng")]
    [DataRow("1044")]
    [DataRow("0n4164")]
    public void TheEndingOfAnImageMayBeLeftOut(string process) => AssertThreads(process, "pushlock153", 1);

    [TestMethod]
    public void OnlyTheWantedProcessIsLookedAt()
    {
        string output = Session.Run(Machines.Target("user-mode-owner"), "!threadlocks -p other.exe").Text;
        StringAssert.Contains(output, "other.exe 900.904");
        Assert.DoesNotContain("client.exe", output);
    }

    [TestMethod]
    public void NothingIsClaimedOfProcessesThatWereNotAskedFor()
    {
        StringAssert.Contains(
            Session.Run(Machines.Target("terminated"), "!lockleak -p System").Output, "\nLEAKED");
        StringAssert.Contains(
            Session.Run(Machines.Target("chain"), "!lockleak -p chain.exe").Output,
            "\nNothing leaked in what was asked for: no ended thread of it holds a lock, and none of its threads waits in a circle.\n");
    }

    [TestMethod]
    public void ASmallDumpHasTheProcessOfItsThreadOnly()
    {
        var target = new InMemoryTarget(Machines.Kernel("pushlock153")) { IsTriageDump = true };

        Assert.AreEqual(1, Session.Run(target, "!threadlocks -a -p System -json").Json.GetProperty("threads").GetArrayLength());
        Assert.AreEqual(
            "threadlocks: No thread at hand is of process 'MsMpEng', and a small (triage) dump holds no others.\n",
            Session.Run(target, "!threadlocks -a -p MsMpEng -json").Errors);
    }

    [TestMethod]
    public void AnOwnerMayBeOutsideOfTheWantedProcesses() =>
        Assert.AreEqual(0, Session.Run(Machines.Target("ownerless"), "!lockleak -p index.exe").Result.Findings);

    private static void AssertThreads(string process, string scenario, int count)
    {
        Answer answer = Session.Run(Machines.Target(scenario), $"!lockleak -p {process} -json");
        Assert.AreEqual(count, answer.Json.GetProperty("cost").GetProperty("threads").GetInt32());
    }
}
