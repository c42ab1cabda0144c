using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace LockLeak.DbgEng;

/// <summary>A client of the engine: sessions and callbacks.</summary>
// _Name(): a slot that we do not call (README.md).
[GeneratedComInterface(Options = ComInterfaceOptions.ComObjectWrapper, StringMarshalling = StringMarshalling.Utf16)]
[Guid("e3acb9d7-7ec2-4f0c-a0da-e81e0cbbe628")]
public unsafe partial interface IDebugClient5
{
    void _AttachKernel(); void _GetKernelConnectionOptions(); void _SetKernelConnectionOptions(); void _StartProcessServer();
    void _ConnectProcessServer(); void _DisconnectProcessServer(); void _GetRunningProcessSystemIds();
    void _GetRunningProcessSystemIdByExecutableName(); void _GetRunningProcessDescription(); void _AttachProcess();
    void _CreateProcess(); void _CreateProcessAndAttach(); void _GetProcessOptions(); void _AddProcessOptions();
    void _RemoveProcessOptions(); void _SetProcessOptions(); void _OpenDumpFile(); void _WriteDumpFile();
    void _ConnectSession(); void _StartServer(); void _OutputServers(); void _TerminateProcesses(); void _DetachProcesses();

    /// <summary>Ends the session; DEBUG_END_PASSIVE leaves a live target as it is.</summary>
    [PreserveSig] int EndSession(DEBUG_END flags);

    void _GetExitCode(); void _DispatchCallbacks(); void _ExitDispatch(); void _CreateClient(); void _GetInputCallbacks();
    void _SetInputCallbacks(); void _GetOutputCallbacks();

    /// <summary>
    /// Sends the output of this client to an object; null stops it. Also takes one that implements
    /// <see cref="IDebugOutputCallbacks2"/>.
    /// </summary>
    [PreserveSig] int SetOutputCallbacks(IDebugOutputCallbacks? callbacks);

    /// <summary>The kinds of output that the callbacks of this client receive.</summary>
    [PreserveSig] int GetOutputMask(out DEBUG_OUTPUT mask);

    /// <summary>Chooses the kinds of output that the callbacks of this client receive. STATUS is not among those of a new client.</summary>
    [PreserveSig] int SetOutputMask(DEBUG_OUTPUT mask);

    void _GetOtherOutputMask(); void _SetOtherOutputMask();
    void _GetOutputWidth(); void _SetOutputWidth(); void _GetOutputLinePrefix(); void _SetOutputLinePrefix();
    void _GetIdentity(); void _OutputIdentity(); void _GetEventCallbacks(); void _SetEventCallbacks();

    /// <summary>Sends what the engine has buffered for the output callbacks.</summary>
    [PreserveSig] int FlushCallbacks();

    void _WriteDumpFile2(); void _AddDumpInformationFile(); void _EndProcessServer(); void _WaitForProcessServerEnd();
    void _IsKernelDebuggerEnabled(); void _TerminateCurrentProcess(); void _DetachCurrentProcess();
    void _AbandonCurrentProcess(); void _GetRunningProcessSystemIdByExecutableNameWide();
    void _GetRunningProcessDescriptionWide(); void _CreateProcessWide(); void _CreateProcessAndAttachWide();

    /// <summary>Opens a dump by its path (fileHandle 0). The target is there after <see cref="IDebugControl4.WaitForEvent"/>.</summary>
    [PreserveSig] int OpenDumpFileWide(string fileName, ulong fileHandle);

    void _WriteDumpFileWide(); void _AddDumpInformationFileWide(); void _GetNumberDumpFiles(); void _GetDumpFile();
    void _GetDumpFileWide();

    /// <summary>Opens a KD connection. The target is there after <see cref="IDebugControl4.WaitForEvent"/>.</summary>
    [PreserveSig] int AttachKernelWide(DEBUG_ATTACH_KERNEL flags, string? connectOptions);
}
