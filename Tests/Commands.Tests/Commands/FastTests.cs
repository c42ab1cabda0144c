using System.Text.Json;
using KernelImages;
using LockLeak.Target;

namespace LockLeak.Tests.Commands;

/// <summary>
/// -fast: what the kernel's table of lock entries leads to, which is a part of what the walk over all threads finds, and never more.
/// </summary>
[TestClass]
public sealed class FastTests
{
    private const string Note = "-fast looked only at threads with a lock entry in nt!KiAbTreeArray and at those that run now: of all " +
        "others, ended ones among them, it says nothing.";

    private const string Changing = "lead to what is no linked lock entry of a thread";

    /// <summary>The builds whose table has a name and is known: from Windows 10 to 24H2.</summary>
    public static IEnumerable<(string Scenario, string Build)> WithTable =>
        Machines.All.Where(machine => machine.Build.StartsWith("10.", StringComparison.Ordinal) && machine.Build != "10.0.28000");

    /// <summary>One build of each generation whose table is known.</summary>
    public static IEnumerable<string> Generations => WithTable.Select(machine => machine.Build).Distinct().Intersect(Machines.Generations);

    [TestMethod]
    [DynamicData(nameof(WithTable))]
    public void NothingIsFoundThatTheWalkDoesNotFind(string scenario, string build)
    {
        JsonElement walk = Session.Run(Machines.Target(scenario, build), "!lockleak -json").Json,
            fast = Session.Run(Machines.Target(scenario, build), "!lockleak -fast -json").Json;

        CollectionAssert.IsSubsetOf(Findings(fast), Findings(walk), fast.ToString());
        Assert.IsFalse(fast.GetProperty("complete").GetBoolean());
        string[] notes = Texts(fast, "notes");
        CollectionAssert.Contains(notes, Note);
        string[] contradictions = [.. notes.Where(note => note.Contains("contradicts", StringComparison.Ordinal))];
        CollectionAssert.IsSubsetOf(contradictions, Texts(walk, "notes"));
        Assert.AreEqual(scenario is "corrupt-entry" or "garbage-cycles", fast.ToString().Contains(Changing, StringComparison.Ordinal));
    }

    [TestMethod]
    [DataRow("pushlock153")]
    [DataRow("terminated")]
    [DataRow("deadlock2")]
    [DataRow("deadlock3")]
    [DataRow("one-bucket")]
    [DataRow("suspended-owner")]
    public void WhatHangsOnLinkedEntriesIsFound(string scenario)
    {
        foreach (string build in Generations)
        {
            string[] walk = Findings(Session.Run(Machines.Target(scenario, build), "!lockleak -json").Json),
                fast = Findings(Session.Run(Machines.Target(scenario, build), "!lockleak -fast -json").Json);

            Assert.AreNotEqual(0, walk.Length);
            CollectionAssert.AreEquivalent(walk, fast, build);
        }
    }

    /// <summary>The table has every linked entry, so it names the owners and waiters that the walk names by theirs.</summary>
    [TestMethod]
    [DataRow("heads", "owner first")]
    [DataRow("heads", "waiter first")]
    [DataRow("readers", "table lock")]
    [DataRow("deadlock3", "map mutex")]
    [DataRow("pushlock153", "file lock")]
    public void APushLockHasItsOwnersAndWaiters(string scenario, string name)
    {
        foreach (string build in Generations)
        {
            InMemoryTarget target = Machines.Target(scenario, build);
            string line = $"!pushlock {target.Kernel.Lock(name):x}";
            JsonElement walk = Session.Run(target, $"{line} -json").Json, fast = Session.Run(target, $"{line} -fast -json").Json;

            Assert.AreNotEqual(0, fast.GetProperty("waiters").GetArrayLength());
            CollectionAssert.AreEquivalent(Texts(walk, "owners"), Texts(fast, "owners"), build);
            CollectionAssert.AreEquivalent(Texts(walk, "waiters"), Texts(fast, "waiters"), build);
            Assert.IsFalse(fast.GetProperty("complete").GetBoolean());
            StringAssert.Contains(fast.GetProperty("notes").ToString(), "in this lock's bucket of nt!KiAbTreeArray");
        }
    }

    /// <summary>It walks over no list to be sure of a finding, either.</summary>
    [TestMethod]
    public void ALiveMachineIsNotWalkedOver()
    {
        foreach (string scenario in (string[])["terminated", "stale-waiter", "work-queue-exhausted", "clean", "busy"])
        {
            var target = new InMemoryTarget(Machines.Kernel(scenario)) { IsLive = true };
            ulong processes = target.Kernel.Modules.Kernel("PsActiveProcessHead");
            target.Unreadable.Add((processes, processes + 8));

            JsonElement report = Session.Run(target, "!lockleak -fast -json").Json;

            Assert.DoesNotContain("process list", report.GetProperty("notes").ToString());
        }
    }

    [TestMethod]
    [DataRow("6.1.7601")]
    [DataRow("6.2.9200")]
    [DataRow("6.3.9600")]
    [DataRow("10.0.28000")]
    public void ATableThatIsNotKnownIsNotRead(string build) =>
        AssertRefused(Machines.Target("pushlock153", build), "is known from Windows 10 to Windows 11 24H2 on x64 only");

    [TestMethod]
    public void WithoutSymbolsThereIsNoAddress() => AssertRefused(
        new InMemoryTarget(Machines.Kernel("pushlock153")) { HasNoSymbols = true },
        "is not among the kernel's symbols: try .symfix; .reload /f nt");

    [TestMethod]
    public void ASmallDumpHasNoTable() => AssertRefused(
        new InMemoryTarget(Machines.Kernel("pushlock153")) { IsTriageDump = true }, "cannot be read: it is not in the dump or paged out");

    [TestMethod]
    public void OnlyThatOfX64IsKnown()
    {
        const uint arm64 = 0xAA64;
        InMemoryTarget target = Machines.Target("pushlock153");
        AssertRefused(new OtherTarget(target) { Facts = target.Facts with { Machine = arm64 } },
            "is known from Windows 10 to Windows 11 24H2 on x64 only");
    }

    private static void AssertRefused(ITarget target, string why)
    {
        string[] lines = target.Facts.IsTriageDump ? ["!lockleak -fast"] : ["!lockleak -fast", "!pushlock ffffc788`3a0f6f70 -fast"];
        foreach (string line in lines)
        {
            Answer answer = Session.Run(target, line);

            Assert.AreEqual(CommandResult.Failed, answer.Result.Status);
            Assert.AreEqual("", answer.Output);
            StringAssert.Contains(answer.Errors, $"-fast reads nt!KiAbTreeArray, which {why}");
            Assert.AreEqual(1, answer.Errors.Count(letter => letter == '\n'));
        }
    }

    private static string[] Findings(JsonElement report)
    {
        string[] properties = ["kind", "certainty", "thread", "lock", "threads"];
        return [.. report.GetProperty("findings").EnumerateArray()
            .Select(finding => string.Join(' ', properties.Select(name => finding.GetProperty(name))))];
    }

    private static string[] Texts(JsonElement report, string property) =>
        [.. report.GetProperty(property).EnumerateArray().Select(element => element.ToString())];
}
