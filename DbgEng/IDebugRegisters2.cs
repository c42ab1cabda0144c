using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace LockLeak.DbgEng;

/// <summary>Registers and pseudo-registers.</summary>
// _Name(): a slot that we do not call (README.md).
[GeneratedComInterface(Options = ComInterfaceOptions.ComObjectWrapper, StringMarshalling = StringMarshalling.Utf16)]
[Guid("1656afa9-19c6-4e3a-97e7-5dc9160cf9c4")]
public unsafe partial interface IDebugRegisters2
{
    void _GetNumberRegisters(); void _GetDescription(); void _GetIndexByName(); void _GetValue(); void _SetValue();
    void _GetValues(); void _SetValues(); void _OutputRegisters(); void _GetInstructionOffset(); void _GetStackOffset();
    void _GetFrameOffset(); void _GetDescriptionWide(); void _GetIndexByNameWide(); void _GetNumberPseudoRegisters();
    void _GetPseudoDescription(); void _GetPseudoDescriptionWide(); void _GetPseudoIndexByName();

    /// <summary>The index of a pseudo-register such as "$extret".</summary>
    [PreserveSig] int GetPseudoIndexByNameWide(string name, out uint index);

    /// <summary>Reads pseudo-registers.</summary>
    [PreserveSig] int GetPseudoValues(DEBUG_REGSRC source, uint count, uint* indices, uint start, DEBUG_VALUE* values);

    /// <summary>Writes pseudo-registers.</summary>
    [PreserveSig] int SetPseudoValues(DEBUG_REGSRC source, uint count, uint* indices, uint start, DEBUG_VALUE* values);
}
