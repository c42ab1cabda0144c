namespace LockLeak.Engine.Tests.DataModel;

/// <summary>Objects of the data model through the life of a session: unloading, other dumps, Ctrl+Break, wrong questions.</summary>
[TestClass]
public sealed class LifeTests
{
    /// <summary>E_ABORT, as dx shows it.</summary>
    private const string Aborted = "(0x80004004)";

    [TestMethod]
    [DataRow("@$lockgraph(1)", "lockgraph takes no argument.")]
    [DataRow("@$lockat()", "lockat takes the address of a push lock.")]
    [DataRow("@$lockat(1, 2)", "lockat takes the address of a push lock.")]
    [DataRow("@$lockat(\"x\")", "That is no address: give a number, a pointer, a string in hexadecimal or an object of the target.")]
    [DataRow("@$lockat(1)", "The memory at 00000000`00000001 cannot be read")]
    [DataRow("@$lockgraph().Findings[1]", "There is no such element, the list has 1.")]
    [DataRow("@$lockgraph().Nothing", "Unable to bind name 'Nothing'")]
    public void AWrongQuestionHasAnErrorForAnAnswer(string query, string expected)
    {
        using var debugger = new Debugger(Dumps.Of("pushlock153"));

        StringAssert.Contains(debugger.Run($"dx {query}").Output, "Error: " + expected);
        StringAssert.Contains(debugger.Run("dx @$lockgraph()").Output, "1 finding");
    }

    [TestMethod]
    [DataRow("@$lockat(0xffffc7883a0f6f70)")]
    [DataRow("@$lockat(@$lockgraph().Findings[0].Lock)")]
    [DataRow("@$lockat(*@$lockgraph().Findings[0].Lock)")]
    public void AnAddressIsANumberAPointerOrAnObject(string query)
    {
        using var debugger = new Debugger(Dumps.Of("pushlock153"));

        StringAssert.Contains(debugger.Run($"dx {query}").Output,
            " : push lock ffffc788`3a0f6f70 Locked Waiting, newest wait block fffffb80`7d617290");
    }

    [TestMethod]
    public void UnloadingTakesEverythingAwayAndLoadingBringsItBack()
    {
        using var debugger = new Debugger(Dumps.Of("pushlock153"));
        string[] queries = ["dx @$lockgraph()", "dx @$curthread", "dx @$curprocess", "dx *(nt!_EX_PUSH_LOCK *)0xffffc7883a0f6f70",
            "dx -r1 @$curprocess.KernelObject.ProcessLock"];
        string[] loaded = [.. queries.Select(query => WithoutTime(debugger.Run(query).Output))];
        for (int i = 0; i < 3; i++)
        {
            debugger.Run("dx @$kept = @$lockgraph()");
            debugger.Run(".unload LockLeak");

            StringAssert.Contains(debugger.Run("dx @$lockgraph()").Output, "Error: Use of undefined variable");
            Assert.DoesNotContain("Locks", debugger.Run("dx @$curthread").Output);
            Assert.DoesNotContain("Locks", debugger.Run("dx @$curprocess").Output);
            Assert.DoesNotContain("Locked Waiting", debugger.Run("dx *(nt!_EX_PUSH_LOCK *)0xffffc7883a0f6f70").Output);
            StringAssert.Contains(debugger.Run("dx @$kept.Findings").Output,
                "Error: LockLeak has been unloaded since. Load it and ask again.");

            debugger.Run(".load LockLeak");

            CollectionAssert.AreEqual(loaded, queries.Select(query => WithoutTime(debugger.Run(query).Output)).ToList());
            StringAssert.Contains(debugger.Run("dx @$kept.Findings").Output,
                "Error: LockLeak has been unloaded since. Load it and ask again.");
        }
    }

    [TestMethod]
    public void TwoDumpsInOneSessionHaveTheirOwnAnswers()
    {
        using var debugger = new Debugger(Dumps.Of("pushlock153"));
        debugger.Run("dx @$first = @$lockgraph()");
        debugger.Run($".opendump {Lockleak.PathForWindows(Dumps.Of("deadlock2").Path)}");
        debugger.Run("g");

        StringAssert.Contains(debugger.Run("dx @$lockgraph().Findings[0].Kind").Output, "deadlock");
        debugger.Run("||0s");
        StringAssert.Contains(debugger.Run("dx @$lockgraph().Findings[0].Kind").Output, "leaked-entry");
        StringAssert.Contains(debugger.Run("dx @$first.Findings").Output,
            "Error: This answer is old: the target has run or was closed since. Ask again.");
    }

    [TestMethod]
    public void AnAnswerOfADumpThatWasClosedIsOfNoUseAndDoesNoHarm()
    {
        using var debugger = new Debugger(Dumps.Of("pushlock153"));
        debugger.Run("dx @$old = @$lockgraph()");
        debugger.Run("dx @$lock = @$lockgraph().Findings[0].Lock");
        debugger.Run(".detach");
        debugger.Run($".opendump {Lockleak.PathForWindows(Dumps.Of("deadlock2").Path)}");
        // The engine drops its extensions with its last session.
        debugger.Run(".load LockLeak");

        StringAssert.Contains(debugger.Run("dx @$lockgraph().Findings[0].Kind").Output, "deadlock");
        StringAssert.Contains(debugger.Run("dx @$old.Findings").Output, "Error: LockLeak has been unloaded since.");
        debugger.Run("dx @$lock->Owners");
        StringAssert.Contains(debugger.Run("dx @$lockgraph().Findings[0].Kind").Output, "deadlock");
    }

    /// <summary>Each of these asks a hundred times a hundred times: without the break they would take many minutes.</summary>
    [TestMethod]
    [DataRow("@$cursession.Processes.SelectMany(p => @$cursession.Processes.SelectMany(q => @$lockgraph().Locks)).Count()")]
    [DataRow("@$cursession.Processes.SelectMany(p => @$lockgraph().Locks.SelectMany(l => l.Lock->Owners)).Count()")]
    public void CtrlBreakStopsAQuery(string query)
    {
        using var debugger = new Debugger(Dumps.Of("busy"));
        debugger.Run("dx @$lockgraph()");

        // A break that comes while the engine still lists the processes only makes that list empty, which is the engine's way.
        string answer = "";
        for (double seconds = 0.5; seconds <= 4 && !answer.Contains(Aborted, StringComparison.Ordinal); seconds *= 2)
        {
            debugger.Send($"dx {query}");
            Thread.Sleep(TimeSpan.FromSeconds(seconds));
            answer = debugger.ReceivePressing(Debugger.Break).Output;
        }

        StringAssert.Contains(answer, Aborted);
        StringAssert.Contains(debugger.Run("dx -r0 @$lockgraph()").Output, "0 findings, 400 locks, 1,400 threads");
    }

    private static string WithoutTime(string output) =>
        string.Join('\n', output.Split('\n').Where(line => !line.Contains("Cost", StringComparison.Ordinal)));
}
