namespace KernelImages.Scenarios;

/// <summary>
/// _FILE_OBJECT.Lock: the event that a thread owns while it uses a file handle that was opened for synchronous I/O. Its address
/// is the file object's + 0x80. AutoBoost tracks it (a real small dump of 19041; IopWaitAndAcquireFileObjectLock).
/// </summary>
public sealed record FileObjectLock(string Name) : LockSpec(Name)
{
    /// <summary>FileName, relative to the device.</summary>
    public string FileName { get; init; } = @"\Windows\Temp\job.log";

    /// <summary>DriverName of the device's driver.</summary>
    public string Driver { get; init; } = @"\FileSystem\Ntfs";

    /// <inheritdoc/>
    public override int Size => 0xd8;

    /// <inheritdoc/>
    public override int Offset => 0x80;

    /// <inheritdoc/>
    public override bool IsTrackedOn(uint build) => build >= 19041;
}

/// <summary>The block of a page that is being read: the thread that reads it owns it, others that need the page wait for it.</summary>
public sealed record InPageBlock(string Name) : LockSpec(Name)
{
    /// <inheritdoc/>
    public override int Size => 0x120;

    /// <inheritdoc/>
    public override bool IsTrackedOn(uint build) => build >= 19041;
}

/// <summary>EX_PUSH_LOCK_CACHE_AWARE: pointers to 32 push locks. Lock entries name it, and threads wait for one of the 32.</summary>
public sealed record CacheAwarePushLock(string Name) : LockSpec(Name)
{
    /// <summary>The slot that shared owners have taken, and that others wait for.</summary>
    public int Slot { get; init; } = 3;

    /// <inheritdoc/>
    public override int Size => 32 * sizeof(ulong);
}

/// <summary>
/// EX_PUSH_LOCK_AUTO_EXPAND after it has expanded: a push lock and one more for each processor. Lock entries name the first one.
/// </summary>
public sealed record AutoExpandPushLock(string Name) : LockSpec(Name);

/// <summary>
/// A push lock on which threads wait to be unblocked (ExBlockOnAddressPushLock): nobody owns it, and its value is a bare pointer.
/// </summary>
public sealed record BlockedPushLock(string Name) : LockSpec(Name)
{
    /// <inheritdoc/>
    public override bool IsTrackedOn(uint build) => false;
}

/// <summary>EX_RUNDOWN_REF whose object is about to go: one thread waits until all others have given up their references.</summary>
public sealed record RundownReference(string Name) : LockSpec(Name)
{
    /// <inheritdoc/>
    public override bool IsTrackedOn(uint build) => false;
}

/// <summary>
/// The pointer of a file to its section's control area (SECTION_OBJECT_POINTERS.DataSectionObject). Who creates the section owns it in
/// AutoBoost's eyes, and whoever finds it half made, or about to be deleted, waits for it.
/// </summary>
public sealed record SectionPointer(string Name) : LockSpec(Name)
{
    /// <summary>The control area is about to be deleted, by a thread that no lock entry tells of; otherwise it is being created.</summary>
    public bool BeingDeleted { get; init; }

    /// <inheritdoc/>
    public override int Size => 0x18;
}

/// <summary>The turn to write a registry hive: the thread that has it, and the list of those that wait for it.</summary>
public sealed record HiveWriteQueue(string Name) : LockSpec(Name)
{
    /// <inheritdoc/>
    public override int Size => 0x10;
}

/// <summary>A file system's turn to write behind the end of a file (FsRtlAcquireEofLock).</summary>
public sealed record EofLock(string Name) : LockSpec(Name)
{
    /// <inheritdoc/>
    public override int Size => 0x28;

    /// <inheritdoc/>
    public override bool IsTracked => false;
}
