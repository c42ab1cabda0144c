using System.Text.Json;
using KernelImages;
using KernelImages.Kernel;

namespace LockLeak.Tests.Commands;

/// <summary>A machine that runs on while it is looked at: what is no longer true at the end is no finding.</summary>
[TestClass]
public sealed class LiveTests
{
    [TestMethod]
    public void AMachineThatStandsStillKeepsItsFindings()
    {
        JsonElement report = Session.Run(new InMemoryTarget(Machines.Kernel("terminated")) { IsLive = true }, "!lockleak -json").Json;
        Assert.AreEqual("live", report.GetProperty("target").GetProperty("kind").GetString());
        Assert.AreEqual(1, report.GetProperty("findings").GetArrayLength());
    }

    [TestMethod]
    public void AFindingWhoseThreadChangesMeanwhileIsWithdrawn()
    {
        SyntheticKernel kernel = Machines.Fresh("terminated");
        var target = new InMemoryTarget(kernel) { IsLive = true };
        int looks = 0;
        target.OnRead = (address, size) =>
        {
            // After it has been read whole for the first time the thread lets its lock entry go.
            if (address == kernel.Thread("mover") && looks++ == 1)
            {
                kernel.Typed.Set("_KTHREAD", address, "AbEntrySummary", 0x3f);
            }
        };

        JsonElement report = Session.Run(target, "!lockleak -json").Json;

        Assert.AreEqual(2, looks, "the thread is read once more before it is accused");
        Assert.AreEqual(0, report.GetProperty("findings").GetArrayLength());
        StringAssert.Contains(report.GetProperty("notes").ToString(), "no more at a second look, so it is left out: Thread ");
    }

    [TestMethod]
    public void ADumpIsNotReadAgain()
    {
        InMemoryTarget target = Machines.Target("terminated"), live = new(Machines.Kernel("terminated")) { IsLive = true };
        Session.Run(target, "!lockleak");
        Session.Run(live, "!lockleak");
        Assert.IsLessThan(live.Reads, target.Reads);
    }
}
