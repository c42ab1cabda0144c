using KernelImages.Memory;
using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>
/// _EX_PUSH_LOCK and the wait blocks on its waiters' stacks. Only the PDB of Windows 7 has the type
/// _EX_PUSH_LOCK_WAIT_BLOCK; the offsets are the same ever since.
/// </summary>
internal static class PushLockWriter
{
    private const ulong Locked = 1, Waiting = 2, Waking = 4, MultipleShared = 8;
    private const int SharedShift = 4;
    private const ulong Next = 0x18, Last = 0x20, Previous = 0x28, ShareCountAndFlags = 0x30, LockEntry = 0x38;
    private const int WaitBlockSize = 0x40;

    /// <summary>From the wait block to the register of its caller that the acquiring function saved: the lock's address.</summary>
    private const ulong SavedLock = 0x58;
    private const ulong Exclusive = 1, Spinning = 2;

    /// <summary>The first build whose wait blocks point to the waiter's lock entry and say -2 for an exclusive owner.</summary>
    private const uint RecentBuild = 19041;

    public static void Write(SyntheticKernel kernel, PushLock item, ulong address)
    {
        ulong[] blocks = [.. LockWriter.WaitersOf(kernel, item).Select(thread => thread.Stack?.WaitBlock ?? 0)];
        int shared = item.Owners.Count(owner => owner.Shared);
        for (int i = 0; i < blocks.Length; i++)
        {
            WriteWaitBlock(kernel, item, blocks, i, shared);
            kernel.Typed.SetQuads(blocks[i] + SavedLock, address);
        }
        kernel.Typed.SetQuads(address, item.Value ?? ValueOf(item, blocks, shared));
    }

    private static ulong ValueOf(PushLock item, ulong[] blocks, int shared)
    {
        ulong value = item.Owners.Count > 0 || item.LostOwner ? Locked : 0;
        if (item.Waking) value |= Waking;
        if (blocks.Length == 0) return value | (ulong)shared << SharedShift;
        return blocks[^1] | value | Waiting | (shared > 1 ? MultipleShared : 0);
    }

    private static void WriteWaitBlock(SyntheticKernel kernel, PushLock item, ulong[] blocks, int index, int shared)
    {
        TypedMemory typed = kernel.Typed;
        ulong block = blocks[index];
        ulong oldest = blocks[0];
        bool isOldest = index == 0, isNewest = index == blocks.Length - 1;
        kernel.Memory.Map(block, WaitBlockSize);
        WaitWriter.WriteEvent(kernel, block);
        WaitWriter.Wait(kernel, block, [kernel.Placed(item.Waiters[index].Thread)]);
        typed.SetQuads(block + Next, isOldest ? 0 : blocks[index - 1]);
        typed.SetQuads(block + Last, isOldest ? block : isNewest ? oldest : 0);
        typed.SetQuads(block + Previous, isNewest ? 0 : blocks[index + 1]);
        ulong flags = (item.Waiters[index].Shared ? 0 : Exclusive) | Spinning;
        typed.SetQuads(block + ShareCountAndFlags, (uint)ShareCountOf(kernel, isOldest, shared) | flags << 32);
        if (kernel.Types.Build >= RecentBuild) typed.SetQuads(block + LockEntry, kernel.Entry(item.Waiters[index].Thread, item.Name));
    }

    private static int ShareCountOf(SyntheticKernel kernel, bool isOldest, int shared)
    {
        bool recent = kernel.Types.Build >= RecentBuild;
        if (!isOldest) return recent ? -1 : 0;
        if (shared > 1) return shared;
        return shared == 0 && recent ? -2 : 0;
    }
}
