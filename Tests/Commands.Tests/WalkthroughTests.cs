using KernelImages;
using KernelImages.Scenarios;
using LockLeak.Target;

namespace LockLeak.Tests;

/// <summary>The walk-through's 0x153 crash, to the letter.</summary>
[TestClass]
public sealed class WalkthroughTests
{
    [TestMethod]
    public void LockLeakNamesThreadEntryLockAndWaiter()
    {
        InMemoryTarget target = Machines.Target(Walkthrough.PushLock153.Name);
        var console = new RecordingConsole();

        CommandResult result = CommandHost.Run("lockleak", "", target, console);

        Assert.AreEqual(new CommandResult(CommandResult.Ok, 1), result);
        Assert.AreEqual("", console.Errors);
        StringAssert.StartsWith(console.Output, """
            Windows 22621.382 (22621.synthetic.amd64fre.240101-0000), 6 processors, up 51m44s, stopped 2023-12-24 17:17:43 UTC, full dump
            Bug check 0x153 KERNEL_LOCK_ENTRY_LEAKED_ON_THREAD_TERMINATION

            LEAKED  Thread ffffc788`39108040 (System 4.1928) ended without releasing push lock ffffc788`3a0f6f70; 1 thread waits for it and cannot go on.
                At the thread's end the entry's lock pointer was not NULL.
                entry   ffffc788`391086e0  LockEntries[0] owns
                lock    ffffc788`3a0f6f70  Locked Waiting, newest wait block fffffb80`7d617290
                thread  ffffc788`39108040  System 4.1928, Terminated, WrTerminated, started TestDriver!FileMoveThread
                code    TestDriver!FileMoveThread+0x3a  takes a push lock exclusively and never releases it, ExAcquirePushLockExclusiveEx
                waiters   1
                  ffffc788`38a32040  System 4.780  Waiting  WrPushLock  0s  exclusive  started TestDriver!FileCreationThread  at TestDriver!FileCreationThread+0x4f

            4 threads in 4 processes, 2 with lock entries in use. Types: PDB. 
            """);
    }
}
