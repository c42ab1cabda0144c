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

/// <summary>IDebugHostContext: one target, with the process and thread that are looked at.</summary>
/// <param name="pointer">The interface.</param>
[Guid("a68c70d8-5ec0-46e5-b775-3134a48ea2e3")]
public sealed unsafe class DebugHostContext(nint pointer) : ComPointer(pointer)
{
    private enum Slot { IsEqualTo = 3 }

    /// <summary>True when another one is of the same target, process and thread; null when the engine cannot tell, as without symbols.</summary>
    public bool? IsEqualTo(DebugHostContext other)
    {
        byte equal;
        int result = ((delegate* unmanaged<nint, nint, byte*, int>)Function(Slot.IsEqualTo))(Pointer, other.Pointer, &equal);
        return result >= 0 ? equal != 0 : null;
    }
}

/// <summary>IDebugHostExtensibility2: function aliases, which are what <c>dx @$name()</c> calls.</summary>
/// <param name="pointer">The interface, owned.</param>
[Guid("91cc55e7-2a22-4494-9710-b729dab48f71")]
public sealed unsafe class DebugHostExtensibility2(nint pointer) : ComPointer(pointer)
{
    private enum Slot
    {
        DestroyFunctionAlias = 4,
        CreateFunctionAliasWithMetadata = 5,
    }

    /// <summary>Makes a method known as <c>@$name()</c>. It hides a <c>!name</c> of any extension.</summary>
    public void CreateFunctionAliasWithMetadata(string name, ModelObject method, KeyStore metadata)
    {
        fixed (char* text = name)
        {
            Check(((delegate* unmanaged<nint, char*, nint, nint, int>)Function(Slot.CreateFunctionAliasWithMetadata))(Pointer, text, method.Pointer, metadata.Pointer));
        }
    }

    /// <summary>Takes it back.</summary>
    public void DestroyFunctionAlias(string name)
    {
        fixed (char* text = name)
        {
            Check(((delegate* unmanaged<nint, char*, int>)Function(Slot.DestroyFunctionAlias))(Pointer, text));
        }
    }
}
