using System.Runtime.InteropServices;
using LockLeak.DbgEng;

namespace LockLeak.Extension;

/// <summary>Every native export. The names of the commands are the names that users type after '!'.</summary>
internal static unsafe class Exports
{
    private static readonly Session Session = new();

    [UnmanagedCallersOnly(EntryPoint = "DebugExtensionInitialize")]
    private static int DebugExtensionInitialize(uint* version, uint* flags) => Session.Initialize(out *version, out *flags);

    [UnmanagedCallersOnly(EntryPoint = "DebugExtensionUninitialize")]
    private static void DebugExtensionUninitialize() => Session.Uninitialize();

    [UnmanagedCallersOnly(EntryPoint = "DebugExtensionCanUnload")]
    private static int DebugExtensionCanUnload() => HResult.Ok;

    [UnmanagedCallersOnly(EntryPoint = "DebugExtensionNotify")]
    private static void DebugExtensionNotify(DEBUG_NOTIFY notify, ulong argument) => Session.Notify(notify);

    /// <summary>
    /// For programs: IDebugControl::GetExtensionFunction("LockLeakOutcome"). A command line may have several commands, and
    /// $extret is that of the last.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "_EFN_LockLeakOutcome")]
    private static int LockLeakOutcome() => Session.TakeOutcome();

    [UnmanagedCallersOnly(EntryPoint = "lockleak")]
    private static int LockLeak(nint client, byte* arguments) => Session.Run("lockleak", client, arguments);

    [UnmanagedCallersOnly(EntryPoint = "threadlocks")]
    private static int ThreadLocks(nint client, byte* arguments) => Session.Run("threadlocks", client, arguments);

    [UnmanagedCallersOnly(EntryPoint = "pushlock")]
    private static int PushLock(nint client, byte* arguments) => Session.Run("pushlock", client, arguments);

    [UnmanagedCallersOnly(EntryPoint = "lockhelp")]
    private static int LockHelp(nint client, byte* arguments) => Session.Run("lockhelp", client, arguments);

    [UnmanagedCallersOnly(EntryPoint = "help")]
    private static int Help(nint client, byte* arguments) => Session.Run("help", client, arguments);
}
