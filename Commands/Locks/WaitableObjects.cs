using LockLeak.Kernel;

namespace LockLeak.Locks;

/// <summary>A thread that others wait for to end: it stands in its own way to being waited for no more.</summary>
/// <remarks>The unload deadlock: a driver waits for its thread to end and holds the lock that the thread waits for.</remarks>
internal sealed class ThreadObject : ReadableLock
{
    /// <inheritdoc/>
    public override string Name => "thread";

    /// <inheritdoc/>
    public override string? TypeName => "_KTHREAD";

    internal override bool IsLock => false;

    internal override LockAddress? LockOf(LockMemory memory, KernelThread thread, ulong waitObject) =>
        ObjectTypes.IsAt(memory.Memory, waitObject, ObjectTypes.Thread) && memory.View.Thread(new ThreadAddress(waitObject)) is not null
            ? new LockAddress(waitObject)
            : null;

    internal override void Read(LockMemory memory, LockNode node)
    {
        if (memory.View.Thread(new ThreadAddress(node.Address.Value)) is { } thread)
        {
            node.IsLocked = !thread.HasEnded;
            if (!thread.HasEnded)
            {
                node.AddOwner(new LockOwner(thread.Address, Entry: null, FoundBy.WaitObject));
            }
        }
    }
}

/// <summary>A process that others wait for to end: each of its threads stands in the way.</summary>
internal sealed class ProcessObject : ReadableLock
{
    /// <inheritdoc/>
    public override string Name => "process";

    /// <inheritdoc/>
    public override string? TypeName => "_KPROCESS";

    internal override bool IsLock => false;

    internal override LockAddress? LockOf(LockMemory memory, KernelThread thread, ulong waitObject) =>
        ObjectTypes.IsAt(memory.Memory, waitObject, ObjectTypes.Process) && memory.View.Process(new ProcessAddress(waitObject)) is not null
            ? new LockAddress(waitObject)
            : null;

    internal override void Read(LockMemory memory, LockNode node)
    {
        if (memory.View.Process(new ProcessAddress(node.Address.Value)) is not { } process)
        {
            return;
        }

        var walk = new ThreadWalk(process, []);
        while (memory.View.TryNextThread(walk, out Window window))
        {
            if (memory.View.Thread(new ThreadAddress(window.Structure)) is { HasEnded: false } thread)
            {
                node.AddOwner(new LockOwner(thread.Address, Entry: null, FoundBy.WaitObject));
            }
        }

        node.IsLocked = node.Owners.Count > 0;
    }
}
