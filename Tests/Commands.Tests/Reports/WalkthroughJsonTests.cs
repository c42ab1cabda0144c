using System.Text.RegularExpressions;

namespace LockLeak.Tests.Reports;

/// <summary>The walk-through's answers as JSON, to the letter but for the time.</summary>
[TestClass]
public sealed partial class WalkthroughJsonTests
{
    private const string Head =
        """
        {"schema":"lockleak/1","command":"COMMAND",
        "target":{"kind":"dump","build":22621,"pointerSize":8,"layout":"pdb",
        "bugCheck":{"code":"0x153","name":"KERNEL_LOCK_ENTRY_LEAKED_ON_THREAD_TERMINATION",
        "parameters":["0xffffc78839108040","0xffffc788391086e0","0x0000000000000001","0xffffc7883a0f6f70"]}},
        """;

    private const string Tail =
        """
        "cost":{"processes":4,"threads":4,"threadsWithEntries":2,"reads":15,"bytes":9376,"milliseconds":0},"complete":true,"notes":[]}
        """;

    private const string Creator =
        """
        {"thread":"0xffffc78838a32040","process":"0xffffc78831ceb040","image":"System","pid":4,"tid":1920,"name":null,
        "state":"Waiting","waitReason":"WrPushLock","waitMilliseconds":0,"terminated":false,"exhausted":false,
        "start":"0xfffff807459610e0","startSymbol":"TestDriver!FileCreationThread",
        "entries":[{"entry":"0xffffc78838a326e0","index":0,"lock":"0xffffc7883a0f6f70","kind":"push lock","relation":"waits","inTree":true,"head":true,"busy":false,
        "crossThreadReleasable":false,"sessionId":-1,"user":false,"lockUnsafe":"0xffffc7883a0f6f70","leadsTo":null}],
        "waitsFor":"0xffffc7883a0f6f70","processor":null,"at":"TestDriver!FileCreationThread+0x4f","source":null,"stack":[],"priority":8,"basePriority":8,"contextSwitches":1}
        """;

    private const string Mover =
        """
        {"thread":"0xffffc78839108040","process":"0xffffc78831ceb040","image":"System","pid":4,"tid":6440,"name":null,
        "state":"Terminated","waitReason":"WrTerminated","waitMilliseconds":null,"terminated":true,"exhausted":false,
        "start":"0xfffff80745961240","startSymbol":"TestDriver!FileMoveThread",
        "entries":[{"entry":"0xffffc788391086e0","index":0,"lock":"0xffffc7883a0f6f70","kind":"push lock","relation":"owns","inTree":true,"head":false,"busy":false,
        "crossThreadReleasable":false,"sessionId":-1,"user":false,"lockUnsafe":"0xffffc7883a0f6f70","leadsTo":null}],
        "waitsFor":null,"processor":null,"at":null,"source":null,"stack":[],"priority":8,"basePriority":8,"contextSwitches":2}
        """;

    private const string OwnersAndWaiters =
        """
        "owners":[{"thread":"0xffffc78839108040","entry":"0xffffc788391086e0","foundBy":"lock-entry"}],
        "waiters":[{"thread":"0xffffc78838a32040","waitBlock":"0xfffffb807d617290","mode":"exclusive","foundBy":["lock-entry","wait-block","stack"]}]
        """;

    [TestMethod]
    public void LockLeak() => AssertJson(
        "!lockleak",
        $$"""
        {{Head}}
        "findings":[{"kind":"leaked-entry","certainty":"certain","thread":"0xffffc78839108040","entry":"0xffffc788391086e0","lock":"0xffffc7883a0f6f70",
        "waiters":["0xffffc78838a32040"],"owners":["0xffffc78839108040"],"threads":[],"locks":[],
        "message":"Thread ffffc788`39108040 (System 4.1928) ended without releasing push lock ffffc788`3a0f6f70; 1 thread waits for it and cannot go on.",
        "reason":"At the thread's end the entry's lock pointer was not NULL."}],
        "chains":[{"threads":["0xffffc78838a32040","0xffffc78839108040"],"locks":["0xffffc7883a0f6f70"],"blocked":1,"owners":1}],
        "threads":[{{Creator}},{{Mover}}],
        "locks":[{"lock":"0xffffc7883a0f6f70","kind":"push lock","symbol":null,"value":"0xfffffb807d617293","locked":true,"sharedOwners":0,"exclusive":true,
        {{OwnersAndWaiters}},"abandoned":false}],
        {{Tail}}
        """);

    [TestMethod]
    public void ThreadLocks() => AssertJson(
        "!threadlocks", $$"""{{Head}}"threads":[{{Creator.Replace("\"TestDriver!FileCreationThread+0x4f\"", "null", StringComparison.Ordinal)}},{{Mover}}],{{Tail}}""");

    [TestMethod]
    public void PushLock() => AssertJson(
        "!pushlock ffffc788`3a0f6f70",
        $$"""
        {{Head}}
        "lock":"0xffffc7883a0f6f70","kind":"push lock","symbol":null,"value":"0xfffffb807d617293","locked":true,"waiting":true,"waking":false,"multipleShared":false,
        "sharedOwners":0,"exclusive":true,{{OwnersAndWaiters}},
        "threads":[{{Mover}},{{Creator}}],
        {{Tail}}
        """);

    private static void AssertJson(string line, string expected)
    {
        string json = Session.Run(Machines.Target("pushlock153"), $"{line} -json").Output;
        Assert.AreEqual(
            expected.Replace("COMMAND", line[1..].Split(' ')[0], StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal) + "\n",
            Milliseconds().Replace(json, "\"milliseconds\":0"));
    }

    [GeneratedRegex("\"milliseconds\":[0-9]+")]
    private static partial Regex Milliseconds();
}
