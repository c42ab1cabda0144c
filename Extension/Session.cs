using System.Runtime.InteropServices;
using LockLeak.DbgEng;
using LockLeak.Extension.DataModel;
using LockLeak.Target;

namespace LockLeak.Extension;

/// <summary>
/// The extension from load to unload: what the exports do, and what is kept between commands. No exception leaves this
/// class: one that leaves an export ends the debugger.
/// </summary>
internal sealed unsafe class Session
{
    private const uint Version = 0x0001_0000; // DEBUG_EXTENSION_VERSION(1, 0)

    /// <summary>Bytes of a command on thousands of threads: the debugger is to have them back at once, not with the next command.</summary>
    private const long Much = 16 << 20;

    private EngineTypes? knownTypes;
    private int outcome;
    private LockDataModel? dataModel;

    /// <summary>DebugExtensionInitialize. Called again after each DebugExtensionUninitialize, for the DLL stays in memory.</summary>
    public int Initialize(out uint version, out uint flags)
    {
        version = Version;
        flags = 0;
        OpenDataModel();
        return HResult.Ok;
    }

    /// <summary>DebugExtensionUninitialize: when the extension is unloaded, and when the engine ends its session.</summary>
    public void Uninitialize()
    {
        Forget();
        dataModel?.Dispose();
        dataModel = null;
    }

    /// <summary>DebugExtensionNotify.</summary>
    public void Notify(DEBUG_NOTIFY notify)
    {
        if (notify == DEBUG_NOTIFY.SESSION_INACTIVE)
        {
            Forget();
        }
        else if (notify == DEBUG_NOTIFY.SESSION_INACCESSIBLE)
        {
            dataModel?.Forget();
        }
    }

    /// <summary>Runs a command for the client that asked for it.</summary>
    /// <param name="command">The name of the export.</param>
    /// <param name="client">IDebugClient.</param>
    /// <param name="arguments">What was typed after the name, in the ANSI code page.</param>
    /// <returns>HRESULT. Scripts find the number of findings, or the HRESULT of a failure, in $extret.</returns>
    public int Run(string command, nint client, byte* arguments)
    {
        try
        {
            using var engine = new EngineClient(client);
            CommandResult result = Run(command, Marshal.PtrToStringAnsi((nint)arguments) ?? "", engine);
            int ended = result.Status < 0 ? result.Status : result.Findings;
            ReturnValue.Set(engine, ended);
            // A failure is worse than any number of findings, and the first one stays.
            outcome = outcome < 0 ? outcome : ended < 0 ? ended : Math.Max(outcome, ended);
            if (GC.GetTotalMemory(forceFullCollection: false) > Much)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            }

            return result.Status;
        }
        catch (Exception)
        {
            // There is no client to tell.
            return CommandResult.Failed;
        }
    }

    /// <summary>How the commands since the last call ended: the first failure's HRESULT, or else the most findings of any.</summary>
    public int TakeOutcome()
    {
        int taken = outcome;
        outcome = 0;
        return taken;
    }

    private CommandResult Run(string command, string arguments, EngineClient engine)
    {
        var userBreak = new UserBreak(engine);
        var console = new EngineConsole(engine, userBreak);
        try
        {
            return CommandHost.Run(command, arguments, Target(engine, userBreak), console);
        }
        catch (Exception e)
        {
            console.WriteError($"{command}: internal error, please report it: {e.GetType().Name}: {e.Message}\n");
            return new CommandResult(CommandResult.Failed, 0);
        }
    }

    /// <summary>The target that a client looks at.</summary>
    private EngineTarget Target(EngineClient engine, UserBreak userBreak) =>
        new(engine, userBreak, knownTypes = EngineTypes.For(engine, userBreak, knownTypes));

    /// <summary>Drops what is known of the target.</summary>
    private void Forget()
    {
        knownTypes = null;
        dataModel?.Forget();
    }

    private void OpenDataModel()
    {
        try
        {
            dataModel ??= LockDataModel.Open(Target);
        }
        catch (Exception)
        {
            // An engine without a data model still has the commands.
        }
    }
}
