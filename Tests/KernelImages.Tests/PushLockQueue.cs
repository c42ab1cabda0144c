namespace KernelImages.Tests;

/// <summary>
/// A push lock read by what is known of it and nothing else. From the newest wait block the way leads along Next to older
/// ones. The first block whose Last is not 0 tells the oldest, and the list ends there: Next of the oldest is stale.
/// </summary>
/// <remarks>
/// _EX_PUSH_LOCK: bit 0 Locked, 1 Waiting, 2 Waking, 3 MultipleShared. _EX_PUSH_LOCK_WAIT_BLOCK: Next 0x18, Last 0x20,
/// ShareCount 0x30, Flags 0x34 with bit 0 for exclusive. ExBlockPushLock uses Next alone, ends the list with 0, and sets no bits.
/// </remarks>
internal sealed class PushLockQueue
{
    private const uint Next = 0x18, Last = 0x20, ShareCountAndFlags = 0x30;

    private readonly Func<ulong, ulong> read;
    private readonly ulong value;
    private readonly bool isBlocked;

    private PushLockQueue(Func<ulong, ulong> read, ulong value, bool isBlocked, IReadOnlyList<ulong> oldestFirst)
    {
        (this.read, this.value, this.isBlocked) = (read, value, isBlocked);
        OldestFirst = oldestFirst;
    }

    /// <summary>The wait blocks.</summary>
    public IReadOnlyList<ulong> OldestFirst { get; }

    public bool IsLocked => (value & 1) != 0;

    public bool IsWaiting => (value & 2) != 0;

    /// <summary>The number of shared owners where it is certain; null where only an old count is left.</summary>
    public int? SharedOwners =>
        !IsWaiting ? (int)(value >> 4) : (value & 8) != 0 ? (int)(uint)read(OldestFirst[0] + ShareCountAndFlags) : null;

    /// <summary>Reads a lock.</summary>
    /// <param name="read">Reads 64 bits.</param>
    /// <param name="address">The lock.</param>
    /// <param name="isBlocked">Threads wait for it through ExBlockPushLock.</param>
    public static PushLockQueue Read(Func<ulong, ulong> read, ulong address, bool isBlocked)
    {
        ulong value = read(address), block = isBlocked || (value & 2) != 0 ? value & ~0xFul : 0, oldest = 0;
        List<ulong> newestFirst = [];
        while (block != 0)
        {
            newestFirst.Add(block);
            if (!isBlocked && oldest == 0) oldest = read(block + Last);
            if (block == oldest) break;
            Assert.IsLessThan(1000, newestFirst.Count, $"The queue of {address:x} does not end.");
            block = read(block + Next);
        }
        newestFirst.Reverse();
        return new PushLockQueue(read, value, isBlocked, newestFirst);
    }

    /// <summary>"exclusive" or "shared"; null for a blocked lock, whose waiters have no mode.</summary>
    public string? ModeOf(ulong block) => isBlocked ? null : (read(block + ShareCountAndFlags) >> 32 & 1) != 0 ? "exclusive" : "shared";
}
