using System.Runtime.InteropServices;
using LockLeak.DbgEng;
using LockLeak.DbgEng.DataModel;

namespace LockLeak.Extension;

/// <summary>The engine that loaded us.</summary>
internal static unsafe partial class LoadedEngine
{
    private const int LongestPath = 32_767;

    /// <summary>Of the modules in the process: loading by name could find another copy of the engine beside the extension.</summary>
    private static nint Module => GetModuleHandle("dbgeng.dll");

    /// <summary>A client, owned: DebugExtensionInitialize is called without one.</summary>
    public static nint CreateClient()
    {
        var debugCreate = (delegate* unmanaged<Guid*, nint*, int>)NativeLibrary.GetExport(Module, "DebugCreate");
        Guid iid = typeof(IDebugClient5).GUID;
        nint client;
        int result = debugCreate(&iid, &client);
        return result >= 0 ? client : throw new DataModelException(result, $"DebugCreate failed (0x{result:x8}).");
    }

    /// <summary>The lines of a text file that is installed with it; none when it is not there or cannot be read.</summary>
    /// <param name="folder">The folder beneath the engine's.</param>
    /// <param name="file">The file's name.</param>
    public static IReadOnlyList<string> Lines(string folder, string file)
    {
        char* path = stackalloc char[LongestPath];
        int length = (int)GetModuleFileName(Module, path, LongestPath);
        try
        {
            string? beside = Path.GetDirectoryName(new string(path, 0, length));
            return beside is null ? [] : File.ReadAllLines(Path.Combine(beside, folder, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    [LibraryImport("kernel32.dll", EntryPoint = "GetModuleFileNameW")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial uint GetModuleFileName(nint module, char* path, uint size);

    [LibraryImport("kernel32.dll", EntryPoint = "GetModuleHandleW", StringMarshalling = StringMarshalling.Utf16)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint GetModuleHandle(string name);
}
