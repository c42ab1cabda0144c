using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace LockLeak.DbgEng;

/// <summary>Threads and processes.</summary>
// _Name(): a slot that we do not call (README.md).
[GeneratedComInterface(Options = ComInterfaceOptions.ComObjectWrapper, StringMarshalling = StringMarshalling.Utf16)]
[Guid("0ae9f5ff-1852-4679-b055-494bee6407ee")]
public unsafe partial interface IDebugSystemObjects2
{
    void _GetEventThread(); void _GetEventProcess(); void _GetCurrentThreadId(); void _SetCurrentThreadId();
    void _GetCurrentProcessId(); void _SetCurrentProcessId(); void _GetNumberThreads(); void _GetTotalNumberThreads();
    void _GetThreadIdsByIndex(); void _GetThreadIdByProcessor();

    /// <summary>The thread that runs on the current processor.</summary>
    [PreserveSig] int GetCurrentThreadDataOffset(out ulong offset);

    void _GetThreadIdByDataOffset(); void _GetCurrentThreadTeb(); void _GetThreadIdByTeb(); void _GetCurrentThreadSystemId();
    void _GetThreadIdBySystemId(); void _GetCurrentThreadHandle(); void _GetThreadIdByHandle(); void _GetNumberProcesses();
    void _GetProcessIdsByIndex(); void _GetCurrentProcessDataOffset(); void _GetProcessIdByDataOffset();
    void _GetCurrentProcessPeb(); void _GetProcessIdByPeb(); void _GetCurrentProcessSystemId();
    void _GetProcessIdBySystemId(); void _GetCurrentProcessHandle(); void _GetProcessIdByHandle();
    void _GetCurrentProcessExecutableName(); void _GetCurrentProcessUpTime();

    /// <summary>The thread that the debugger looks at, as .thread shows it.</summary>
    [PreserveSig] int GetImplicitThreadDataOffset(out ulong offset);

    /// <summary>Makes the debugger look at a thread, as .thread does; 0 for the current one.</summary>
    [PreserveSig] int SetImplicitThreadDataOffset(ulong offset);
}
