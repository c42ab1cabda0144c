using System.Runtime.InteropServices;

namespace LockLeak.DbgEng.DataModel;

/// <summary>IKeyStore: the metadata of a key or a method, such as "Help" and "PreferredRadix".</summary>
/// <param name="pointer">The interface.</param>
[Guid("0fc7557d-401d-4fca-9365-da1e9850697c")]
public sealed unsafe class KeyStore(nint pointer) : ComPointer(pointer)
{
    private enum Slot { SetKey = 4 }

    /// <summary>Sets one of them.</summary>
    public void SetKey(string key, ModelObject value)
    {
        fixed (char* text = key)
        {
            Check(((delegate* unmanaged<nint, char*, nint, nint, int>)Function(Slot.SetKey))(Pointer, text, value.Pointer, 0));
        }
    }
}
