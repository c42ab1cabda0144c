using System.Runtime.InteropServices;
using LockLeak.DbgEng;
using LockLeak.DbgEng.DataModel;

namespace LockLeak.Extension.DataModel;

/// <summary>The engine that loaded us. It calls DebugExtensionInitialize without a client, so we make one.</summary>
internal static unsafe partial class LoadedEngine
{
    /// <summary>A client, owned.</summary>
    public static nint CreateClient()
    {
        // Of the modules in the process: loading by name could find another copy of the engine beside the extension.
        var debugCreate = (delegate* unmanaged<Guid*, nint*, int>)NativeLibrary.GetExport(GetModuleHandle("dbgeng.dll"), "DebugCreate");
        Guid iid = typeof(IDebugClient5).GUID;
        nint client;
        int result = debugCreate(&iid, &client);
        return result >= 0 ? client : throw new DataModelException(result, $"DebugCreate failed (0x{result:x8}).");
    }

    [LibraryImport("kernel32.dll", EntryPoint = "GetModuleHandleW", StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint GetModuleHandle(string name);
}
