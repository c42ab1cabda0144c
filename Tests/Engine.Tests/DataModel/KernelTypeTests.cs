namespace LockLeak.Engine.Tests.DataModel;

/// <summary>What dx shows for push locks and lock entries wherever it meets one.</summary>
[TestClass]
public sealed class KernelTypeTests
{
    private const string Lock = "(*(nt!_EX_PUSH_LOCK *)0xffffc7883a0f6f70)";

    [TestMethod]
    [DataRow("-r0 " + Lock, "Locked Waiting [Type: _EX_PUSH_LOCK]")]
    [DataRow("-r0 &" + Lock, ": 0xffffc7883a0f6f70 : Locked Waiting [Type: _EX_PUSH_LOCK *]")]
    [DataRow("-r1 " + Lock + ".Owners", "[0x0]            : ffffc788`39108040")]
    [DataRow("-r1 " + Lock + ".Waiters", "[0x0]            : ffffc788`38a32040 exclusive")]
    [DataRow("-r0 @$curprocess.KernelObject.ProcessLock", "free [Type: _EX_PUSH_LOCK]")]
    [DataRow("-r1 @$lockgraph().Findings[0].Thread->LockEntries",
        "[0]              : owns push lock ffffc788`3a0f6f70 [Type: _KLOCK_ENTRY]")]
    [DataRow("-r1 @$lockgraph().Findings[0].Thread->LockEntries", "[5]              : free [Type: _KLOCK_ENTRY]")]
    [DataRow("@$lockgraph().Findings[0].Entry->Thread->Tcb.State", "0x4")]
    [DataRow("@$lockgraph().Findings[0].Entry->Relation", "owns")]
    [DataRow("@$lockgraph().Findings[0].Entry->Lock->Waiting", "0x1")]
    public void AView(string query, string expected)
    {
        using var debugger = new Debugger(Dumps.Of("pushlock153"));

        StringAssert.Contains(debugger.Run($"dx {query}").Output, expected);
    }

    [TestMethod]
    public void OwnersAndWaitersAreShownOnlyWhenTheyAreAskedFor()
    {
        using var debugger = new Debugger(Dumps.Of("pushlock153"));

        string shown = debugger.Run($"dx {Lock}").Output;

        Assert.DoesNotContain("Owners", shown);
        StringAssert.Contains(debugger.Run($"dx -v {Lock}").Output, "Owners           : 1 thread");
    }

    [TestMethod]
    public void MemoryThatCannotBeReadSaysSo()
    {
        using var debugger = new Debugger(Dumps.Of("pushlock153"));

        StringAssert.Contains(debugger.Run("dx (nt!_EX_PUSH_LOCK *)0x10").Output, "Unable to read memory at Address 0x10");
        StringAssert.Contains(debugger.Run("dx ((nt!_KLOCK_ENTRY *)0x10)->Relation").Output,
            "Error: 00000000`00000010 is no lock entry that belongs to a thread.");
        StringAssert.Contains(debugger.Run("dx ((nt!_EX_PUSH_LOCK *)0x10)->Owners").Output,
            "Error: The memory at 00000000`00000010 cannot be read");
    }
}
