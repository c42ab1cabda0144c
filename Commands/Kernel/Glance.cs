using System.Runtime.CompilerServices;

namespace LockLeak.Kernel;

/// <summary>
/// One buffer for one structure after the other, of which hardly any is worth keeping. A window is gone with the next look.
/// </summary>
/// <param name="memory">The target's memory.</param>
internal sealed class Glance(KernelMemory memory)
{
    private byte[] buffer = [];

    /// <summary>Looks at a part of another structure.</summary>
    /// <param name="structure">Address of the structure.</param>
    /// <param name="offset">Bytes from there to the first one to read.</param>
    /// <param name="size">Bytes to read.</param>
    /// <param name="atLeast">Bytes that are enough.</param>
    /// <param name="window">What was read.</param>
    /// <returns>False when not enough of them can be read.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // for each thread of a machine; built for size, it would be a call
    public bool TryLook(ulong structure, int offset, int size, int atLeast, out Window window)
    {
        if (buffer.Length < size)
        {
            buffer = new byte[size];
        }

        int count = memory.Look(structure + (ulong)offset, buffer.AsSpan(0, size), atLeast);
        window = new Window(structure, offset, buffer, 0, count);
        return count > 0;
    }
}
