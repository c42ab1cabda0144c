using LockLeak.Kernel;

namespace LockLeak.Checks;

/// <summary>The links of each thread in the list of its process, forwards and backwards.</summary>
internal sealed class ThreadLinks : Check
{
    public override string Name => "thread-links";

    public override string Compares => "a thread's links in its process's list, forwards and backwards";

    public override IReadOnlyList<string> Fields { get; } = ["_ETHREAD.ThreadListEntry", "_EPROCESS.ThreadListHead"];

    public override void Run(CheckContext context, CheckResult result)
    {
        foreach (ThreadWalk walk in context.Walks)
        {
            result.Agree(walk.Threads - walk.Misled.Count);
            foreach (ThreadAddress thread in walk.Misled)
            {
                result.Disagree($"The link back of thread {thread} of {walk.Process.ImageFileName} does not lead to the thread before it.",
                    thread.Value);
            }
        }
    }
}
