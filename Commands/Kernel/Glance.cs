namespace LockLeak.Kernel;

/// <summary>
/// A window that moves on: one buffer for one structure after the other, of which hardly any is worth keeping. What it shows is
/// gone with the next look.
/// </summary>
internal sealed class Glance() : Window(0, 0, [], 0, 0)
{
    /// <summary>Looks at a part of another structure.</summary>
    /// <param name="memory">The target's memory.</param>
    /// <param name="structure">Address of the structure.</param>
    /// <param name="offset">Bytes from there to the first one to read.</param>
    /// <param name="size">Bytes to read.</param>
    /// <param name="atLeast">Bytes that are enough.</param>
    /// <returns>False when not enough of them can be read; the window is then empty.</returns>
    public bool TryLook(KernelMemory memory, ulong structure, int offset, int size, int atLeast)
    {
        if (Bytes.Length < size)
        {
            Bytes = new byte[size];
        }

        Count = memory.Look(structure + (ulong)offset, Bytes.AsSpan(0, size), atLeast);
        (Structure, Start) = (structure, offset);
        return Count > 0;
    }
}
