using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace LockLeak.DbgEng;

/// <summary>Memory of the target.</summary>
// _Name(): a slot that we do not call (README.md).
[GeneratedComInterface(Options = ComInterfaceOptions.ComObjectWrapper, StringMarshalling = StringMarshalling.Utf16)]
[Guid("88f7dfab-3ea7-4c3a-aefb-c4e8106173aa")]
public unsafe partial interface IDebugDataSpaces
{
    // ReadVirtual is DebugDataSpaces'.
    void _ReadVirtual(); void _WriteVirtual(); void _SearchVirtual(); void _ReadVirtualUncached(); void _WriteVirtualUncached();
    void _ReadPointersVirtual(); void _WritePointersVirtual(); void _ReadPhysical(); void _WritePhysical();
    void _ReadControl(); void _WriteControl(); void _ReadIo(); void _WriteIo(); void _ReadMsr(); void _WriteMsr();
    void _ReadBusData(); void _WriteBusData(); void _CheckLowMemory();

    /// <summary>A value of KDDEBUGGER_DATA64, which needs no symbols.</summary>
    [PreserveSig] int ReadDebuggerData(DEBUG_DATA index, void* buffer, uint bufferSize, uint* dataSize);

    /// <summary>A value that belongs to one processor.</summary>
    [PreserveSig] int ReadProcessorSystemData(uint processor, DEBUG_DATA_PROCESSOR index, void* buffer, uint bufferSize, uint* dataSize);
}
