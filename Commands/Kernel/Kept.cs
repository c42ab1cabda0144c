namespace LockLeak.Kernel;

/// <summary>Something that was read, in the chain of all that was read of a page.</summary>
/// <param name="address">Where it begins.</param>
/// <param name="bytes">Holds it.</param>
/// <param name="first">Index of its first byte there.</param>
/// <param name="count">Its length.</param>
/// <param name="earlier">Number of what was read before it; negative for the first.</param>
internal readonly struct Kept(ulong address, byte[] bytes, int first, int count, int earlier)
{
    /// <summary>Holds it.</summary>
    public byte[] Bytes => bytes;

    /// <summary>Number of what was read before it; negative for the first.</summary>
    public int Earlier => earlier;

    /// <summary>True when a range lies in it.</summary>
    public bool Holds(ulong start, int size) => start >= address && start - address + (ulong)size <= (ulong)count;

    /// <summary>Where an address of it lies in <see cref="Bytes"/>.</summary>
    public int IndexOf(ulong start) => first + (int)(start - address);
}
