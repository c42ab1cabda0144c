using System.Runtime.InteropServices;
using LockLeak.DbgEng.DataModel;

namespace LockLeak.DbgEng;

/// <summary>IDebugDataSpaces, for the one call that is made for each thread of a machine.</summary>
/// <remarks>
/// Source-generated COM looks the interface up in a dictionary for each call: 3 % of the walk over the threads of a dump (a profile).
/// </remarks>
/// <param name="pointer">The interface, owned.</param>
[Guid("88f7dfab-3ea7-4c3a-aefb-c4e8106173aa")]
public sealed unsafe class DebugDataSpaces(nint pointer) : ComPointer(pointer)
{
    private enum Slot { ReadVirtual = 3 }

    /// <summary>Reads virtual memory through the cache of the engine; may read less than was asked for.</summary>
    /// <param name="offset">Address in the target.</param>
    /// <param name="buffer">Gets the bytes.</param>
    /// <param name="bytesRead">How many of them were read.</param>
    /// <returns>HRESULT.</returns>
    public int ReadVirtual(ulong offset, Span<byte> buffer, out uint bytesRead)
    {
        fixed (byte* bytes = buffer)
        fixed (uint* read = &bytesRead)
        {
            var call = (delegate* unmanaged<nint, ulong, byte*, uint, uint*, int>)Function(Slot.ReadVirtual);
            return call(Pointer, offset, bytes, (uint)buffer.Length, read);
        }
    }
}
