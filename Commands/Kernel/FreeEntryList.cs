using System.Numerics;

namespace LockLeak.Kernel;

/// <summary>Windows 8.1 chains its free lock entries (_KTHREAD.LockEntriesFreeList) and counts them (AbFreeEntryCount).</summary>
internal static class FreeEntryList
{
    /// <summary>Bitmap of the entries in use: those that are not on the chain.</summary>
    /// <param name="memory">The target's memory.</param>
    /// <param name="set">How threads lead to their entries.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="array">Its entries.</param>
    /// <returns>Null when the chain leads elsewhere, or has another number of entries than is counted: nothing of it is believed.</returns>
    public static uint? InUse(KernelMemory memory, LockEntrySet set, Window thread, ulong array)
    {
        uint used = (1u << LockEntrySet.ArrayCount) - 1;
        ulong link = memory.Canonical(thread.Value(set.FreeList));
        for (int i = 0; i < LockEntrySet.ArrayCount && link != 0; i++)
        {
            ulong entry = link - (ulong)(set.FreeListEntry?.Offset ?? 0);
            ulong index = (entry - array) / (ulong)set.Shape.Size;
            if (index >= LockEntrySet.ArrayCount || !memory.TryReadPointer(link, out link))
            {
                return null;
            }

            used &= ~(1u << (int)index);
        }

        int free = LockEntrySet.ArrayCount - BitOperations.PopCount(used);
        return link == 0 && free == (int)thread.Value(set.FreeCount) ? used : null;
    }
}
