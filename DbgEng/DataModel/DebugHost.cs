using System.Runtime.InteropServices;

namespace LockLeak.DbgEng.DataModel;

/// <summary>IDebugHost: the debugger that the data model runs in.</summary>
/// <param name="pointer">The interface, owned.</param>
[Guid("b8c74943-6b2c-4eeb-b5c5-35d378a6d99d")]
public sealed unsafe class DebugHost(nint pointer) : ComPointer(pointer)
{
    private enum Slot
    {
        GetHostDefinedInterface = 3,
        GetCurrentContext = 4,
    }

    /// <summary>An interface of a client of the engine that may be used in callbacks, owned.</summary>
    public nint GetHostDefinedInterface()
    {
        nint client;
        Check(((delegate* unmanaged<nint, nint*, int>)Function(Slot.GetHostDefinedInterface))(Pointer, &client));
        return client;
    }

    /// <summary>The target that the user looks at.</summary>
    public DebugHostContext GetCurrentContext()
    {
        nint context;
        Check(((delegate* unmanaged<nint, nint*, int>)Function(Slot.GetCurrentContext))(Pointer, &context));
        return new DebugHostContext(context);
    }

    /// <summary>The part that knows symbols and types.</summary>
    public DebugHostSymbols Symbols() => new(QueryInterface(typeof(DebugHostSymbols).GUID));

    /// <summary>The part that keeps function aliases.</summary>
    public DebugHostExtensibility2 Extensibility() => new(QueryInterface(typeof(DebugHostExtensibility2).GUID));
}
