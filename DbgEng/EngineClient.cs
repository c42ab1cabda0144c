using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace LockLeak.DbgEng;

/// <summary>One client of the engine and the interfaces that it has; the only thing here that is more than a declaration.</summary>
public sealed unsafe class EngineClient : IDisposable
{
    private static readonly StrategyBasedComWrappers Wrappers = new();
    private readonly ComObject wrapper;
    private void* memory;
    private readonly delegate* unmanaged<void*, ulong, void*, uint, uint*, int> readVirtual;

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

        IUnmanagedVirtualMethodTableProvider tables = wrapper;
        VirtualMethodTableInfo spaces = tables.GetVirtualMethodTableInfoForKey(typeof(IDebugDataSpaces));
        memory = spaces.ThisPointer;
        void* method = spaces.VirtualMethodTable[IDebugDataSpaces.ReadVirtualSlot];
        readVirtual = (delegate* unmanaged<void*, ulong, void*, uint, uint*, int>)method;
    }

    /// <summary>Sessions and callbacks.</summary>
    public IDebugClient5 Client { get; }

    /// <summary>Execution, output, expressions.</summary>
    public IDebugControl4 Control { get; }

    /// <summary>Memory of the target.</summary>
    public IDebugDataSpaces Memory { get; }

    /// <summary>Modules, symbols, types.</summary>
    public IDebugSymbols3 Symbols { get; }

    /// <summary>Threads and processes.</summary>
    public IDebugSystemObjects2 Threads { get; }

    /// <summary>Registers and pseudo-registers.</summary>
    public IDebugRegisters2 Registers { get; }

    /// <summary>Requests.</summary>
    public IDebugAdvanced3 Advanced { get; }

    /// <summary>
    /// <see cref="IDebugDataSpaces.ReadVirtual"/>, which is called for each thread of a machine: the generated code would look the
    /// interface up in a dictionary each time, and that took as long as a tenth of a read out of a dump.
    /// </summary>
    /// <param name="offset">Address in the target.</param>
    /// <param name="buffer">Gets the bytes.</param>
    /// <param name="bytesRead">How many of them were read.</param>
    /// <returns>HRESULT; a success when at least one byte was read.</returns>
    public int ReadVirtual(ulong offset, Span<byte> buffer, out uint bytesRead)
    {
        ObjectDisposedException.ThrowIf(memory is null, this);
        fixed (byte* bytes = buffer)
        fixed (uint* read = &bytesRead)
        {
            return readVirtual(memory, offset, bytes, (uint)buffer.Length, read);
        }
    }

    /// <summary>Lets go of the engine's object. The interfaces cannot be used afterwards.</summary>
    public void Dispose()
    {
        memory = null;
        wrapper.FinalRelease();
    }
}
