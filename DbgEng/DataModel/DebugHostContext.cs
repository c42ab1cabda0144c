using System.Runtime.InteropServices;

namespace LockLeak.DbgEng.DataModel;

/// <summary>IDebugHostContext: one target, with the process and thread that are looked at.</summary>
/// <param name="pointer">The interface.</param>
[Guid("a68c70d8-5ec0-46e5-b775-3134a48ea2e3")]
public sealed unsafe class DebugHostContext(nint pointer) : ComPointer(pointer)
{
    private enum Slot { IsEqualTo = 3 }

    /// <summary>True when another one is of the same target, process and thread; null when the engine cannot tell, as without symbols.</summary>
    public bool? IsEqualTo(DebugHostContext other)
    {
        byte equal;
        int result = ((delegate* unmanaged<nint, nint, byte*, int>)Function(Slot.IsEqualTo))(Pointer, other.Pointer, &equal);
        return result >= 0 ? equal != 0 : null;
    }
}
