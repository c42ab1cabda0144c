using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Analysis;

/// <summary>A line of threads, each waiting for a lock of the next, down to the one that all of them wait for.</summary>
/// <param name="Threads">From the outermost waiter to the thread that waits for no lock.</param>
/// <param name="Locks">The lock that the thread with the same index waits for; one fewer than threads.</param>
/// <param name="Blocked">Number of threads that wait for the last one, directly or not, on any line.</param>
/// <param name="Owners">Number of threads that own the last lock; the last thread is one of them.</param>
internal sealed record WaitChain(IReadOnlyList<ThreadAddress> Threads, IReadOnlyList<LockNode> Locks, int Blocked, int Owners);
