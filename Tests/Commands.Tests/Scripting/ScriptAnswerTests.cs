using System.Text.Json;
using System.Text.Json.Nodes;
using KernelImages;
using LockLeak.Kernel;
using LockLeak.Reports;
using LockLeak.Scripting;

namespace LockLeak.Tests.Scripting;

/// <summary>Scripts find in an answer what the JSON of the same report says, all of it and nothing else.</summary>
[TestClass]
public sealed class ScriptAnswerTests
{
    public static IEnumerable<(string Scenario, string Build)> Machines =>
        Tests.Machines.All.Where(machine => machine.Build == "10.0.22621" && machine.Scenario is not ("busy" or "idle"));

    private readonly RecordingConsole console = new();

    [TestMethod]
    [DynamicData(nameof(Machines))]
    public void AReportHasTheValuesOfItsJson(string scenario, string build)
    {
        InMemoryTarget target = Tests.Machines.Target(scenario, build);
        Compare(Queries.Machine(target, console));
        foreach (ulong address in target.Kernel.Scenario.Locks.Select(item => target.Kernel.Lock(item.Name))
            .Where(address => KernelMemory.IsKernelAddress(address) && target.Kernel.Memory.Read(address, new byte[8]) == 8).Take(2))
        {
            Compare(Queries.PushLock(target, console, address));
        }
    }

    /// <summary>LINQ can order and compare what is there; no value is only where every value means something.</summary>
    [TestMethod]
    public void OfAThreadThatCannotBeReadTheValuesAreEmpty()
    {
        InMemoryTarget target = Tests.Machines.Target("pushlock153");
        target.Unreadable.Add((0xffffc788_39108040, 0xffffc788_39108940));
        ScriptAnswer answer = Queries.Machine(target, console);

        object thread = ((ScriptList)answer.Value(answer.Found, "Threads")!)
            .Items.Single(item => answer.Value(item, "Thread") is ScriptPointer { Address: 0xffffc788_39108040 });

        Assert.AreEqual(new ScriptPointer("_EPROCESS", 0), answer.Value(thread, "Process"));
        Assert.AreEqual("", answer.Value(thread, "Image"));
        Assert.AreEqual(-1L, answer.Value(thread, "WaitMilliseconds"));
        Assert.AreEqual(new ScriptPointer(null, 0), answer.Value(thread, "WaitsFor"));
        Assert.IsNull(answer.Value(thread, "Tid"));
        Assert.IsNull(answer.Value(thread, "Terminated"));
        Assert.AreEqual("none", ((ScriptList)answer.Value(thread, "Entries")!).Line);
    }

    [TestMethod]
    public void PointersHaveTheirTypes()
    {
        ScriptAnswer answer = Queries.Machine(Tests.Machines.Target("pushlock153"), console);
        object finding = ((ScriptList)answer.Value(answer.Found, "Findings")!).Items.Single();

        Assert.AreEqual(new ScriptPointer("_ETHREAD", 0xffffc788_39108040), answer.Value(finding, "Thread"));
        Assert.AreEqual(new ScriptPointer("_KLOCK_ENTRY", 0xffffc788_391086e0), answer.Value(finding, "Entry"));
        Assert.AreEqual(new ScriptPointer("_EX_PUSH_LOCK", 0xffffc788_3a0f6f70), answer.Value(finding, "Lock"));
        Assert.AreEqual("1 thread", ((ScriptList)answer.Value(finding, "Waiters")!).Line);
    }

    [TestMethod]
    public void TheStackIsWalkedForWhoeverAsksForIt()
    {
        InMemoryTarget target = Tests.Machines.Target("pushlock153");
        ScriptAnswer answer = Queries.Machine(target, console);
        object waiter = ((ScriptList)answer.Value(answer.Found, "Threads")!).Items[0];
        ScriptKey at = ScriptShapes.Of(waiter).Keys.Single(key => key.Name == "At");

        Assert.AreEqual("", answer.Value(waiter, at));
        StringAssert.StartsWith((string?)answer.Value(at.Complete!(target, console, waiter), at), "TestDriver!FileCreationThread");
    }

    private static void Compare(ScriptAnswer answer)
    {
        JsonObject json = JsonNode.Parse(JsonRenderer.Render((Report)answer.Found))!.AsObject();
        Assert.IsTrue(json.Remove("schema") && json.Remove("command"));
        Compare(answer, answer.Found, json);
    }

    private static void Compare(ScriptAnswer answer, object record, JsonObject json)
    {
        ScriptShape shape = ScriptShapes.Of(record);
        CollectionAssert.AreEquivalent(json.Select(property => char.ToUpperInvariant(property.Key[0]) + property.Key[1..]).ToList(),
            shape.Keys.Select(key => key.Name).ToList());
        Assert.AreNotEqual("", shape.Line(record));
        foreach (ScriptKey key in shape.Keys)
        {
            Compare(answer, answer.Value(record, key), json[char.ToLowerInvariant(key.Name[0]) + key.Name[1..]], key.Name);
        }
    }

    private static void Compare(ScriptAnswer answer, object? value, JsonNode? json, string name)
    {
        switch (value)
        {
            case ScriptList list:
                Assert.HasCount(json!.AsArray().Count, list.Items, name);
                foreach ((object item, JsonNode? element) in list.Items.Zip(json.AsArray()))
                {
                    Compare(answer, item, element, name);
                }

                break;
            case null or "" or -1L or ScriptPointer { Address: 0 }:
                Assert.IsTrue(json is null || json.ToString() is "" or "-1", $"{name}: {json}");
                break;
            case ScriptPointer pointer:
                Assert.AreEqual(json!.GetValue<string>(), $"0x{pointer.Address:x16}", name);
                break;
            case ulong number when json!.GetValueKind() == JsonValueKind.String:
                Assert.AreEqual(json.GetValue<string>(), $"0x{number:x16}", name);
                break;
            case ulong or long or string or bool:
                Assert.AreEqual(json!.ToString(), value is bool flag ? (flag ? "true" : "false") : value.ToString(), name);
                break;
            default:
                Compare(answer, value, json!.AsObject());
                break;
        }
    }
}
