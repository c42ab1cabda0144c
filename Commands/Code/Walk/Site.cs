namespace LockLeak.Code.Walk;

/// <summary>A call that takes a lock: of a routine of the kernel, or of a function of the driver that returns with the lock held.</summary>
/// <param name="id">Its bit in a <see cref="Property"/>.</param>
/// <param name="at">The call in the function that is walked.</param>
/// <param name="routine">The kernel's routine that takes the lock in the end.</param>
/// <param name="inner">The site in the called function; null when the call is to the routine itself.</param>
internal sealed class Site(int id, ulong at, LockRoutine routine, Site? inner)
{
    /// <summary>Its bit in a property.</summary>
    public int Id { get; } = id;

    /// <summary>The call in the function that is walked.</summary>
    public ulong At { get; } = at;

    /// <summary>The routine that takes the lock.</summary>
    public LockRoutine Routine { get; } = routine;

    /// <summary>The site in the called function.</summary>
    public Site? Inner { get; } = inner;

    /// <summary>The calls that lead to the routine, this function's first.</summary>
    public IReadOnlyList<ulong> Calls => Inner is null ? [At] : [At, .. Inner.Calls];
}
