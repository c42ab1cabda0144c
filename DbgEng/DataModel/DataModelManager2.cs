using System.Runtime.InteropServices;

namespace LockLeak.DbgEng.DataModel;

/// <summary>IDataModelManager2: makes objects and keeps the models that objects are extended through.</summary>
/// <param name="pointer">The interface, owned.</param>
[Guid("f412c5ea-2284-4622-a660-a697160d3312")]
public sealed unsafe class DataModelManager2(nint pointer) : ComPointer(pointer)
{
    private enum Slot
    {
        CreateNoValue = 4,
        CreateErrorObject = 5,
        CreateSyntheticObject = 8,
        CreateDataModelObject = 9,
        CreateIntrinsicObject = 10,
        RegisterExtensionForTypeSignature = 16,
        UnregisterExtensionForTypeSignature = 17,
        CreateMetadataStore = 18,
        AcquireNamedModel = 22,
        CreateTypedIntrinsicObjectEx = 24,
    }

    /// <summary>What a key has that has no value.</summary>
    public ModelObject CreateNoValue()
    {
        nint created;
        Check(((delegate* unmanaged<nint, nint*, int>)Function(Slot.CreateNoValue))(Pointer, &created));
        return new ModelObject(created);
    }

    /// <summary>An object that says why there is no other one.</summary>
    public ModelObject CreateErrorObject(int result, string message)
    {
        nint created;
        fixed (char* text = message)
        {
            Check(((delegate* unmanaged<nint, int, char*, nint*, int>)Function(Slot.CreateErrorObject))(Pointer, result, text, &created));
        }

        return new ModelObject(created);
    }

    /// <summary>An object that has only what we give it.</summary>
    /// <param name="context">The target that it speaks of; null for none.</param>
    public ModelObject CreateSyntheticObject(DebugHostContext? context)
    {
        nint created;
        var create = (delegate* unmanaged<nint, nint, nint*, int>)Function(Slot.CreateSyntheticObject);
        Check(create(Pointer, context?.Pointer ?? 0, &created));
        return new ModelObject(created);
    }

    /// <summary>A model: keys and concepts for the objects that take it as their parent.</summary>
    public ModelObject CreateDataModelObject(IDataModelConcept model)
    {
        nint created;
        nint concept = Callback.Of(model);
        int result = ((delegate* unmanaged<nint, nint, nint*, int>)Function(Slot.CreateDataModelObject))(Pointer, concept, &created);
        Marshal.Release(concept);
        Check(result);
        return new ModelObject(created);
    }

    /// <summary>A number, a string, a truth value, or with the kinds Method and PropertyAccessor a callback.</summary>
    public ModelObject CreateIntrinsicObject(ModelObjectKind kind, Variant value)
    {
        nint created;
        var create = (delegate* unmanaged<nint, ModelObjectKind, Variant*, nint*, int>)Function(Slot.CreateIntrinsicObject);
        Check(create(Pointer, kind, &value, &created));
        return new ModelObject(created);
    }

    /// <summary>A number with a type of the target, such as a pointer.</summary>
    public ModelObject CreateTypedIntrinsicObjectEx(DebugHostContext context, Variant value, DebugHostType type)
    {
        nint created;
        var create = (delegate* unmanaged<nint, nint, Variant*, nint, nint*, int>)Function(Slot.CreateTypedIntrinsicObjectEx);
        Check(create(Pointer, context.Pointer, &value, type.Pointer, &created));
        return new ModelObject(created);
    }

    /// <summary>Gives the keys and concepts of a model to all objects of a type.</summary>
    public void RegisterExtensionForTypeSignature(DebugHostTypeSignature signature, ModelObject model)
    {
        var register = (delegate* unmanaged<nint, nint, nint, int>)Function(Slot.RegisterExtensionForTypeSignature);
        Check(register(Pointer, signature.Pointer, model.Pointer));
    }

    /// <summary>Takes them away again.</summary>
    /// <remarks>The arguments are the other way round than in the method that registers.</remarks>
    public void UnregisterExtensionForTypeSignature(DebugHostTypeSignature signature, ModelObject model)
    {
        var unregister = (delegate* unmanaged<nint, nint, nint, int>)Function(Slot.UnregisterExtensionForTypeSignature);
        Check(unregister(Pointer, model.Pointer, signature.Pointer));
    }

    /// <summary>An empty set of metadata, such as a key has.</summary>
    public KeyStore CreateMetadataStore()
    {
        nint created;
        Check(((delegate* unmanaged<nint, nint, nint*, int>)Function(Slot.CreateMetadataStore))(Pointer, 0, &created));
        return new KeyStore(created);
    }

    /// <summary>A model of the engine's by its name, such as "Debugger.Models.Thread".</summary>
    public ModelObject AcquireNamedModel(string name)
    {
        nint found;
        fixed (char* text = name)
        {
            Check(((delegate* unmanaged<nint, char*, nint*, int>)Function(Slot.AcquireNamedModel))(Pointer, text, &found));
        }

        return new ModelObject(found);
    }
}
