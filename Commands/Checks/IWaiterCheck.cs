using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Checks;

/// <summary>A check that compares what each waiter of a lock says with what the lock says of it.</summary>
internal interface IWaiterCheck
{
    /// <summary>Makes the comparisons that are about one waiter.</summary>
    /// <param name="context">What the checks look at.</param>
    /// <param name="node">The lock.</param>
    /// <param name="waiter">One of its waiters.</param>
    /// <param name="thread">The thread that it is.</param>
    /// <param name="result">Gets the comparisons.</param>
    void Compare(CheckContext context, LockNode node, LockWaiter waiter, KernelThread thread, CheckResult result);
}
