using System.Text.Json;

namespace LockLeak.Tests.Checks;

/// <summary>
/// A field that lies elsewhere than the types say is caught by a check, which names it among the fields that it suspects.
/// </summary>
[TestClass]
public sealed class WrongLayoutTests
{
    [TestMethod]
    [DataRow("deadlock3", "10.0.22621", "_EPROCESS.ActiveThreads", 8, "active-threads")]
    [DataRow("deadlock3", "10.0.22621", "_EPROCESS.ThreadListHead", 0x10, "active-threads")]
    [DataRow("terminated", "10.0.22621", "_ETHREAD.Terminated", 4, "active-threads")]
    [DataRow("deadlock3", "10.0.22621", "_ETHREAD.ThreadListEntry", 8, "threads")]
    [DataRow("deadlock3", "10.0.22621", "_EPROCESS.UniqueProcessId", 8, "threads")]
    [DataRow("deadlock3", "10.0.22621", "_ETHREAD.Cid.UniqueProcess", 8, "threads")]
    [DataRow("deadlock3", "10.0.22621", "_KTHREAD.StackBase", 8, "threads")]
    [DataRow("deadlock3", "10.0.22621", "_KTHREAD.StackLimit", 8, "threads")]
    [DataRow("deadlock3", "10.0.22621", "_KTHREAD.State", 4, "waiter-states")]
    [DataRow("deadlock3", "10.0.22621", "_KTHREAD.WaitReason", 1, "waiter-states")]
    [DataRow("deadlock3", "10.0.22621", "_KTHREAD.WaitBlockList", 8, "wait-blocks")]
    [DataRow("deadlock3", "10.0.22621", "_KWAIT_BLOCK.Thread", 8, "wait-blocks")]
    [DataRow("deadlock3", "10.0.22621", "_KWAIT_BLOCK.Object", 8, "wait-blocks")]
    [DataRow("deadlock3", "10.0.22621", "_KTHREAD.AbWaitEntryCount", 1, "wait-entries")]
    [DataRow("deadlock3", "10.0.22621", "_KTHREAD.AbEntrySummary", 1, "entry-bitmaps")]
    [DataRow("deadlock3", "10.0.22621", "_KLOCK_ENTRY.LockUnsafe", 8, "entry-bitmaps")]
    [DataRow("deadlock3", "10.0.22621", "_KLOCK_ENTRY.WaitingByte", 1, "wait-entries")]
    [DataRow("deadlock3", "10.0.22621", "_KLOCK_ENTRY.EntryIndex", 1, "entry-threads")]
    [DataRow("deadlock3", "10.0.22621", "_KLOCK_ENTRY.TreeNode", 8, "entry-trees")]
    [DataRow("deadlock3", "10.0.22621", "_ETHREAD.LockEntries", 0x10, "entry-threads")]
    [DataRow("resource-queue", "10.0.22621", "_ERESOURCE.NumberOfSharedWaiters", 8, "resource-waiters")]
    [DataRow("resource-queue", "10.0.22621", "_ERESOURCE.NumberOfExclusiveWaiters", 8, "resource-waiters")]
    [DataRow("resource-queue", "10.0.22621", "_ERESOURCE.ActiveEntries", 4, "resource-owners")]
    [DataRow("resource-queue", "10.0.22621", "_ERESOURCE.OwnerEntry", 8, "resource-owners")]
    [DataRow("deadlock-mutexes", "10.0.22621", "_KMUTANT.OwnerThread", 8, "mutant-owners")]
    [DataRow("deadlock3", "10.0.19041", "_KLOCK_ENTRY.EntryOffset", 1, "entry-threads")]
    [DataRow("deadlock3", "10.0.19041", "_KTHREAD.LockEntries", 8, "wait-entries")]
    [DataRow("deadlock3", "10.0.26100", "_KTHREAD.KernelAbEntries", 8, "wait-entries")]
    [DataRow("deadlock3", "10.0.26100", "_KLOCK_ENTRIES.AvailableEntryBitmap", 2, "entry-bitmaps")]
    [DataRow("deadlock3", "10.0.26100", "_KLOCK_ENTRIES.Thread", 8, "entry-threads")]
    [DataRow("deadlock3", "6.3.9600", "_KLOCK_ENTRY.ThreadUnsafe", 8, "entry-threads")]
    public void IsCaughtAndNamed(string scenario, string build, string field, int shift, string check)
    {
        string[] words = field.Split('.', 2);
        var target = Tests.Machines.Target(scenario, build);
        Answer answer = Session.Run(new OtherTarget(target) { Types = new LyingTypes(target.Types, words[0], words[1], shift) },
            "!lockleak -check -json");

        Console.WriteLine(answer.Output);
        JsonElement[] disagreeing =
            [.. answer.Json.GetProperty("checks").EnumerateArray().Where(result => result.GetProperty("disagreed").GetInt32() > 0)];
        CollectionAssert.Contains(disagreeing.Select(result => result.GetProperty("name").GetString()).ToList(), check);
        CollectionAssert.Contains(disagreeing.SelectMany(result => result.GetProperty("suspects").EnumerateArray())
            .Select(suspect => suspect.GetString()).ToList(), field);
        Assert.AreNotEqual(0, answer.Result.Findings);
    }
}
