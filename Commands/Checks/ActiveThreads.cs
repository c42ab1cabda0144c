using LockLeak.Kernel;

namespace LockLeak.Checks;

/// <summary>The number of threads that a process says to have, and those on its list that have not ended.</summary>
/// <remarks>
/// Both are changed under the lock of the process: PspInsertThread adds a thread to both, PspExitThread takes it out of the number, and
/// the list keeps it until its last reference goes. On its way out a thread has CrossThreadFlags.Terminated and may count or not
/// (https://github.com/reactos/reactos/blob/master/ntoskrnl/ps/kill.c).
/// </remarks>
internal sealed class ActiveThreads : Check
{
    public override string Name => "active-threads";

    public override string Compares => "ActiveThreads of a process, and the threads on its list";

    public override IReadOnlyList<string> Fields { get; } =
        ["_EPROCESS.ActiveThreads", "_EPROCESS.ThreadListHead", "_ETHREAD.ThreadListEntry", "_ETHREAD.Terminated",
            "_EPROCESS.ActiveProcessLinks"];

    public override IReadOnlyList<string> Proves { get; } = ["_EPROCESS.ActiveThreads"];

    public override void Run(CheckContext context, CheckResult result)
    {
        foreach (ThreadWalk walk in context.Walks)
        {
            if (walk.Process.ActiveThreads is not { } active || walk.IsCutShort || (active == 0 && walk.Threads == 0))
            {
                continue;
            }

            int fewest = walk.Threads - walk.Ending.Count,
                most = walk.Threads - walk.Ending.Count(thread => context.View.Thread(thread) is { HasEnded: true });
            result.Compare(
                active >= fewest && active <= most,
                $"{walk.Process.ImageFileName} ({walk.Process.UniqueProcessId:x}) says that it has {active} active threads; {most} of " +
                    $"the {walk.Threads} on its list have not ended.",
                walk.Process.Address.Value);
        }
    }
}
