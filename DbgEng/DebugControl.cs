using System.Runtime.InteropServices;
using LockLeak.DbgEng.DataModel;

namespace LockLeak.DbgEng;

/// <summary>IDebugControl, for the one call that is made again and again while a command runs.</summary>
/// <remarks>Source-generated COM looks the interface up in a dictionary for each call, as <see cref="DebugDataSpaces"/> says.</remarks>
/// <param name="pointer">The interface, owned.</param>
[Guid("5182e668-105e-416e-ad92-24ef800424ba")]
public sealed unsafe class DebugControl(nint pointer) : ComPointer(pointer)
{
    private enum Slot { GetInterrupt = 3 }

    /// <summary>S_OK when the user has asked for a break since the last call, S_FALSE when not.</summary>
    public int GetInterrupt() => ((delegate* unmanaged<nint, int>)Function(Slot.GetInterrupt))(Pointer);
}
