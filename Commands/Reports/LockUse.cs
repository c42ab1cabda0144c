using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Reports;

/// <summary>A thread's part in one lock.</summary>
/// <param name="Thread">_ETHREAD.</param>
/// <param name="Relation">What the thread has to do with the lock.</param>
/// <param name="Kind">Kind of the lock.</param>
/// <param name="Lock">The lock; null in a free or orphaned entry.</param>
/// <param name="Entry">The lock entry that says so; null where only the thread's wait block or the lock's owner field does.</param>
internal sealed record LockUse(ThreadAddress Thread, LockRelation Relation, LockKind Kind, LockAddress? Lock, EntryAddress? Entry)
{
    public LockUse(ThreadAddress thread, EntryReport entry)
        : this(thread, entry.Relation, entry.Kind, entry.Lock, entry.Entry)
    {
    }
}
