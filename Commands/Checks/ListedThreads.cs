using LockLeak.Kernel;

namespace LockLeak.Checks;

/// <summary>What is on a thread list is a thread, and its client ID has the process ID of the process that it points to.</summary>
internal sealed class ListedThreads : Check, IThreadCheck
{
    public override string Name => "threads";

    public override string Compares => "a thread's client ID, and the ID of the process that it points to";

    public override IReadOnlyList<string> Fields { get; } =
    [
        "_ETHREAD.Cid.UniqueProcess", "_KTHREAD.Process", "_EPROCESS.UniqueProcessId", "_KTHREAD.State", "_KTHREAD.StackBase",
        "_KTHREAD.StackLimit",
        "_ETHREAD.ThreadListEntry", "_EPROCESS.ActiveProcessLinks", "_EPROCESS.ThreadListHead",
    ];

    public override IReadOnlyList<string> Proves { get; } = ["_ETHREAD.Cid.UniqueProcess", "_KTHREAD.Process", "_EPROCESS.UniqueProcessId"];

    public override void Run(CheckContext context, CheckResult result)
    {
        // What cannot be read is paged out or not in the dump, and says nothing.
        foreach (ThreadAddress thread in context.Walks.SelectMany(walk => walk.Unread)
            .Where(thread => context.View.Memory.InHand(thread.Value, context.View.Layout.Thread.Required) is not null))
        {
            result.Disagree($"{thread} is on the list of a process's threads and does not look like a thread.",
                thread.Value);
        }
    }

    public void Compare(CheckContext context, KernelThread thread, CheckResult result)
    {
        if (thread.Process is not { } process)
        {
            return;
        }

        result.Compare(
            thread.UniqueProcess == process.UniqueProcessId,
            $"Thread {thread.Address} has process ID {thread.UniqueProcess:x} in its client ID and points to process " +
                $"{process.Address} with ID {process.UniqueProcessId:x}.",
            thread.Address.Value);
    }
}
