using System.Runtime.InteropServices;

namespace LockLeak.DbgEng.DataModel;

/// <summary>IModelObject: anything that <c>dx</c> can show.</summary>
/// <param name="pointer">The interface.</param>
[Guid("e28c7893-3f4b-4b96-baca-293cdc55f45d")]
public sealed unsafe class ModelObject(nint pointer) : ComPointer(pointer)
{
    private enum Slot
    {
        GetKind = 4,
        GetIntrinsicValue = 5,
        GetIntrinsicValueAs = 6,
        GetKeyValue = 7,
        GetRawValue = 10,
        GetLocation = 15,
        AddParentModel = 20,
        RemoveParentModel = 21,
        SetKey = 24,
        SetConcept = 28,
        SetContextForDataModel = 32,
        GetContextForDataModel = 33,
    }

    private enum SymbolKind
    {
        SymbolField = 3,
    }

    /// <summary>What it is.</summary>
    public ModelObjectKind Kind
    {
        get
        {
            ModelObjectKind kind;
            Check(((delegate* unmanaged<nint, ModelObjectKind*, int>)Function(Slot.GetKind))(Pointer, &kind), nameof(Slot.GetKind));
            return kind;
        }
    }

    /// <summary>The value as a string; false when it is something else.</summary>
    public bool TryGetString(out string text)
    {
        Variant variant;
        bool isString = ((delegate* unmanaged<nint, Variant*, int>)Function(Slot.GetIntrinsicValue))(Pointer, &variant) >= 0 && variant.Type == (ushort)VarEnum.VT_BSTR;
        text = isString ? Marshal.PtrToStringBSTR(variant.Pointer) : "";
        if (isString)
        {
            Marshal.FreeBSTR(variant.Pointer);
        }

        return isString;
    }

    /// <summary>The value as an unsigned 64-bit number; false when it cannot be one.</summary>
    public bool TryGetUInt64(out ulong value)
    {
        Variant variant;
        bool converted = ((delegate* unmanaged<nint, VarEnum, Variant*, int>)Function(Slot.GetIntrinsicValueAs))(Pointer, VarEnum.VT_UI8, &variant) >= 0;
        value = converted ? variant.UInt64 : 0;
        return converted;
    }

    /// <summary>The value of a key, owned; null when there is no such key or its value cannot be had.</summary>
    public ModelObject? TryGetKeyValue(string key)
    {
        nint value = 0;
        int result;
        fixed (char* text = key)
        {
            result = ((delegate* unmanaged<nint, char*, nint*, nint*, int>)Function(Slot.GetKeyValue))(Pointer, text, &value, null);
        }

        return Owned(result, value);
    }

    /// <summary>A field of an object of the target, owned; null when there is no such field.</summary>
    public ModelObject? TryGetField(string name)
    {
        nint value = 0;
        int result;
        fixed (char* text = name)
        {
            result = ((delegate* unmanaged<nint, SymbolKind, char*, uint, nint*, int>)Function(Slot.GetRawValue))(Pointer, SymbolKind.SymbolField, text, 0, &value);
        }

        return Owned(result, value);
    }

    /// <summary>Where an object of the target lies; false for an object that is elsewhere, such as in a register.</summary>
    public bool TryGetLocation(out ulong address)
    {
        Location location;
        bool known = ((delegate* unmanaged<nint, Location*, int>)Function(Slot.GetLocation))(Pointer, &location) >= 0 && location.HostDefined == 0;
        address = known ? location.Offset : 0;
        return known;
    }

    /// <summary>Gives the keys and concepts of a model to this object, or to all objects of the model that this is.</summary>
    public void AddParentModel(ModelObject model) =>
        Check(((delegate* unmanaged<nint, nint, nint, byte, int>)Function(Slot.AddParentModel))(Pointer, model.Pointer, 0, 0));

    /// <summary>Takes them away again.</summary>
    public void RemoveParentModel(ModelObject model) =>
        Check(((delegate* unmanaged<nint, nint, int>)Function(Slot.RemoveParentModel))(Pointer, model.Pointer));

    /// <summary>Sets a key. A property accessor as its value is asked each time that the key is read.</summary>
    public void SetKey(string key, ModelObject value, KeyStore? metadata)
    {
        fixed (char* text = key)
        {
            Check(((delegate* unmanaged<nint, char*, nint, nint, int>)Function(Slot.SetKey))(Pointer, text, value.Pointer, metadata?.Pointer ?? 0));
        }
    }

    /// <summary>Sets a concept: how the object is shown, iterated or indexed.</summary>
    /// <typeparam name="T">The interface of the concept.</typeparam>
    public void SetConcept<T>(T concept)
        where T : class
    {
        nint callback = Callback.Of(concept);
        Guid iid = typeof(T).GUID;
        int result = ((delegate* unmanaged<nint, Guid*, nint, nint, int>)Function(Slot.SetConcept))(Pointer, &iid, callback, 0);
        Marshal.Release(callback);
        Check(result);
    }

    /// <summary>Keeps something of ours with this object, for the callbacks of a model that is its parent.</summary>
    public void SetContextForDataModel(ModelObject model, object context)
    {
        nint unknown = Callback.Unknown(context);
        int result = ((delegate* unmanaged<nint, nint, nint, int>)Function(Slot.SetContextForDataModel))(Pointer, model.Pointer, unknown);
        Marshal.Release(unknown);
        Check(result);
    }

    /// <summary>What was kept; null when there is nothing of ours.</summary>
    public object? GetContextForDataModel(ModelObject model)
    {
        nint unknown = 0;
        if (((delegate* unmanaged<nint, nint, nint*, int>)Function(Slot.GetContextForDataModel))(Pointer, model.Pointer, &unknown) < 0 || unknown == 0)
        {
            return null;
        }

        bool ours = ComWrappers.TryGetObject(unknown, out object? context);
        Marshal.Release(unknown);
        return ours ? context : null;
    }

    /// <summary>A failure may come with an error object, which has to be released as well.</summary>
    private static ModelObject? Owned(int result, nint pointer)
    {
        var value = new ModelObject(pointer);
        if (result >= 0)
        {
            return value;
        }

        value.Dispose();
        return null;
    }
}

/// <summary>IKeyStore: the metadata of a key or a method, such as "Help" and "PreferredRadix".</summary>
/// <remarks>Beside <see cref="ModelObject"/>: each takes the other.</remarks>
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

/// <summary>Location (dbgmodel.h).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Location
{
    /// <summary>Not 0 for what is not in the target's memory.</summary>
    public ulong HostDefined;

    /// <summary>The address when <see cref="HostDefined"/> is 0.</summary>
    public ulong Offset;
}
