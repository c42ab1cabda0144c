using System.Text.Json;
using KernelImages;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Kernel;
using LockLeak.Layouts;

namespace LockLeak.Tests.Scenarios;

/// <summary>
/// Small dumps as real ones are: they hold threads without their process, no lock entries where those lie outside of the thread, and
/// fewer bytes of a structure than the newest revision of the build has. What is there is shown, with a note for what is not.
/// </summary>
[TestClass]
public sealed class SmallDumpTests
{
    public static IEnumerable<(string Build, bool HasNoSymbols)> Targets =>
        from build in KernelTypes.Builds from hasNoSymbols in (bool[])[false, true] select (build, hasNoSymbols);

    [TestMethod]
    [DynamicData(nameof(Targets))]
    public void TheThreadAtHandIsShown(string build, bool hasNoSymbols)
    {
        InMemoryTarget target = Target(SmallDumps.OwnerAtHand, build, hasNoSymbols);

        JsonElement thread = Thread(target, "reader");

        Assert.AreEqual((0x2efcu, 0x4340u, "Running"),
            (thread.GetProperty("pid").GetUInt32(), thread.GetProperty("tid").GetUInt32(), thread.GetProperty("state").GetString()));
        Assert.AreEqual("app.exe", thread.GetProperty("image").GetString());
    }

    [TestMethod]
    [DynamicData(nameof(Targets))]
    public void AThreadWithoutItsProcessIsShown(string build, bool hasNoSymbols)
    {
        InMemoryTarget target = Target(SmallDumps.PowerFailure, build, hasNoSymbols);
        foreach (PlacedThread worker in target.Kernel.Threads.Where(thread => thread.Spec.InSmallDump))
        {
            JsonElement thread = Thread(target, worker.Spec.Name);

            Assert.AreEqual((4u, (uint)worker.Spec.Tid, "Waiting"),
                (thread.GetProperty("pid").GetUInt32(), thread.GetProperty("tid").GetUInt32(), thread.GetProperty("state").GetString()));
            Assert.AreEqual(JsonValueKind.Null, thread.GetProperty("image").ValueKind, "the process is not in the dump");
        }
    }

    [TestMethod]
    [DynamicData(nameof(Targets))]
    public void TheQuestionIsAnswered(string build, bool hasNoSymbols)
    {
        foreach (Scenario scenario in (Scenario[])[SmallDumps.OwnerAtHand, SmallDumps.PowerFailure])
        {
            JsonElement report = Session.Run(Target(scenario, build, hasNoSymbols), "!lockleak -json").Json;

            Assert.AreEqual(0, report.GetProperty("findings").GetArrayLength());
            Assert.IsGreaterThan(0, report.GetProperty("notes").GetArrayLength(), "a small dump holds no process list");
        }
    }

    private static InMemoryTarget Target(Scenario scenario, string build, bool hasNoSymbols) =>
        new(Machines.Kernel(scenario.Name, build)) { IsTriageDump = true, HasNoSymbols = hasNoSymbols };

    private static JsonElement Thread(InMemoryTarget target, string name) =>
        Session.Run(target, $"!threadlocks {Address.Text(target.Kernel.Thread(name))} -json").Json.GetProperty("threads").EnumerateArray()
            .Single();
}
