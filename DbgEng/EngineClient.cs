using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace LockLeak.DbgEng;

/// <summary>One client of the engine and the interfaces that it has; the only thing here that is more than a declaration.</summary>
public sealed class EngineClient : IDisposable
{
    private static readonly StrategyBasedComWrappers Wrappers = new();
    private readonly ComObject wrapper;

    /// <summary>Wraps an IDebugClient. The caller keeps his reference to it.</summary>
    /// <exception cref="InvalidCastException">The engine is too old to have one of the interfaces.</exception>
    public EngineClient(nint client)
    {
        // A unique instance, so that Dispose lets go of the engine's object at once and on this thread, not in a finalizer.
        object instance = Wrappers.GetOrCreateObjectForComInstance(client, CreateObjectFlags.UniqueInstance);
        wrapper = (ComObject)instance;
        Client = (IDebugClient5)instance;
        Control = (IDebugControl4)instance;
        Memory = (IDebugDataSpaces)instance;
        Symbols = (IDebugSymbols3)instance;
        Threads = (IDebugSystemObjects2)instance;
        Registers = (IDebugRegisters2)instance;
        Advanced = (IDebugAdvanced3)instance;

        Marshal.ThrowExceptionForHR(Marshal.QueryInterface(client, typeof(DebugDataSpaces).GUID, out nint spaces));
        DataSpaces = new DebugDataSpaces(spaces);
        Marshal.ThrowExceptionForHR(Marshal.QueryInterface(client, typeof(DebugControl).GUID, out nint breaks));
        Breaks = new DebugControl(breaks);
    }

    /// <summary>Sessions and callbacks.</summary>
    public IDebugClient5 Client { get; }

    /// <summary>Execution, output, expressions.</summary>
    public IDebugControl4 Control { get; }

    /// <summary>The user's breaks.</summary>
    public DebugControl Breaks { get; }

    /// <summary>What the engine knows of the target's memory.</summary>
    public IDebugDataSpaces Memory { get; }

    /// <summary>The target's memory itself.</summary>
    public DebugDataSpaces DataSpaces { get; }

    /// <summary>Modules, symbols, types.</summary>
    public IDebugSymbols3 Symbols { get; }

    /// <summary>Threads and processes.</summary>
    public IDebugSystemObjects2 Threads { get; }

    /// <summary>Registers and pseudo-registers.</summary>
    public IDebugRegisters2 Registers { get; }

    /// <summary>Requests.</summary>
    public IDebugAdvanced3 Advanced { get; }

    /// <summary>Lets go of the engine's object. The interfaces cannot be used afterwards.</summary>
    public void Dispose()
    {
        DataSpaces.Dispose();
        Breaks.Dispose();
        wrapper.FinalRelease();
    }
}
