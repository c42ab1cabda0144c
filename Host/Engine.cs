using System.Runtime.InteropServices;
using LockLeak.DbgEng;

namespace LockLeak.Host;

/// <summary>The debugger engine.</summary>
internal static unsafe partial class Engine
{
    /// <summary>Loads the engine and makes a client whose output goes to a sink.</summary>
    /// <exception cref="HostException">The engine is missing, or is another one.</exception>
    public static EngineClient Start(OutputSink sink)
    {
        nint debugCreate = Load();
        nint client;
        Guid iid = typeof(IDebugClient5).GUID;
        int result = ((delegate* unmanaged<Guid*, nint*, int>)debugCreate)(&iid, &client);
        if (result < 0)
        {
            throw new HostException(ErrorCode.NoEngine, $"the debugger engine does not start (0x{result:x8}): {Folder}");
        }

        try
        {
            var engine = new EngineClient(client);
            engine.Client.SetOutputCallbacks(sink);
            // How far a long command is goes to the status bar, which a new client does not hear.
            Require(engine.Client.GetOutputMask(out DEBUG_OUTPUT mask), "the engine does not say what it prints");
            Require(engine.Client.SetOutputMask(mask | DEBUG_OUTPUT.STATUS), "the engine does not show how far it is");
            return engine;
        }
        catch (InvalidCastException)
        {
            throw Stranger();
        }
        finally
        {
            Marshal.Release(client);
        }
    }

    /// <summary>The folder of the engine that was loaded.</summary>
    public static string Folder { get; private set; } = "";

    private static nint Load()
    {
        string[] there = [.. EngineFolders.All().Where(folder => File.Exists(Path.Combine(folder, "dbgeng.dll")))];
        foreach (string folder in there)
        {
            // The engine loads more of its folder, which the system looks for here. It takes the place of the current directory.
            SetDllDirectory(folder);
            if (NativeLibrary.TryLoad(Path.Combine(folder, "dbgeng.dll"), out nint library) &&
                NativeLibrary.TryGetExport(library, "DebugCreate", out nint debugCreate))
            {
                Folder = folder;
                return debugCreate;
            }
        }

        throw new HostException(ErrorCode.NoEngine, there.Length > 0
            ? $"the debugger engine cannot be loaded: {string.Join(", ", there)}"
            : "there is no debugger engine: install WinDbg (winget install Microsoft.WinDbg), or put the DLLs of the NuGet package " +
                "Microsoft.Debugging.Platform.DbgEng (content\\amd64) beside lockleak.exe");
    }

    /// <summary>Tells from what the engine printed when it opened a target whether it is the one that we need.</summary>
    /// <exception cref="HostException">It is another one.</exception>
    public static void Check(string printed)
    {
        if (!printed.Contains("Microsoft (R) Windows Debugger Version 10.0.", StringComparison.Ordinal))
        {
            throw Stranger();
        }
    }

    /// <summary>Turns a result other than S_OK into the reason why nothing could be done.</summary>
    /// <exception cref="HostException">The result is not S_OK.</exception>
    public static void Require(int result, string otherwise) => Require(result, ErrorCode.EngineFailed, otherwise);

    /// <summary>The same, where the kind of the reason is known.</summary>
    /// <exception cref="HostException">The result is not S_OK.</exception>
    public static void Require(int result, ErrorCode code, string otherwise)
    {
        if (result != HResult.Ok)
        {
            throw new HostException(code, $"{otherwise} (0x{result:x8})");
        }
    }

    // Wine has a stand-in of the same name, which it prefers and which opens no dump.
    private static HostException Stranger() => new(
        ErrorCode.NoEngine,
        "the dbgeng.dll that was loaded is not Microsoft's debugger engine 10.0; under Wine set " +
            "WINEDLLOVERRIDES=dbgeng,dbghelp,dbgcore,dbgmodel,msdia140=n");

    [LibraryImport("kernel32", EntryPoint = "SetDllDirectoryW", StringMarshalling = StringMarshalling.Utf16)]
    private static partial int SetDllDirectory(string folder);
}
