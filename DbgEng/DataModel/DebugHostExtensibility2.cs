using System.Runtime.InteropServices;

namespace LockLeak.DbgEng.DataModel;

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
            var create = (delegate* unmanaged<nint, char*, nint, nint, int>)Function(Slot.CreateFunctionAliasWithMetadata);
            Check(create(Pointer, text, method.Pointer, metadata.Pointer));
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
