using System.Text.Json.Serialization;
using LockLeak.Kernel;

namespace LockLeak.Locks;

/// <summary>How a fact was found.</summary>
[JsonConverter(typeof(WrittenByReports))]
internal enum FoundBy
{
    /// <summary>A thread's _KLOCK_ENTRY.</summary>
    LockEntry,

    /// <summary>The queue of wait blocks that hangs on the lock.</summary>
    WaitBlock,

    /// <summary>The object that the thread waits for.</summary>
    WaitObject,

    /// <summary>A pointer on the thread's kernel stack, or the stack that a wait block lies on.</summary>
    Stack,

    /// <summary>The owner field of the lock itself.</summary>
    OwnerField,

    /// <summary>The owner entry of a fast resource, on its thread's list.</summary>
    OwnerEntry,
}

/// <summary>How a thread owns a lock or wants it.</summary>
[JsonConverter(typeof(WrittenByReports))]
internal enum LockMode
{
    /// <summary>Alone.</summary>
    Exclusive,

    /// <summary>Together with others.</summary>
    Shared,
}
