using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace LockLeak.DbgEng.DataModel;

// What the data model calls on us. All pointers are interfaces; those that come in are borrowed and may be gone when the
// call is over, those that go out are owned by the engine. Interfaces are in the order of dbgmodel.h.

/// <summary>A model's own part: its name, and a look at each object that gets it.</summary>
[GeneratedComInterface(Options = ComInterfaceOptions.ManagedObjectWrapper)]
[Guid("fcb98d1d-1114-4fbf-b24c-effcb5def0d3")]
public unsafe partial interface IDataModelConcept
{
    /// <summary>An object of a type that the model is registered for was made.</summary>
    [PreserveSig] int InitializeObject(nint modelObject, nint matchingTypeSignature, nint wildcardMatches);

    /// <summary>A BSTR, or E_NOTIMPL for a model without a name.</summary>
    [PreserveSig] int GetName(nint* modelName);
}

/// <summary>How an object looks in one line.</summary>
[GeneratedComInterface(Options = ComInterfaceOptions.ManagedObjectWrapper)]
[Guid("d28e8d70-6c00-4205-940d-501016601ea3")]
public unsafe partial interface IStringDisplayableConcept
{
    /// <summary>A BSTR.</summary>
    [PreserveSig] int ToDisplayString(nint contextObject, nint metadata, nint* displayString);
}

/// <summary>How an object is indexed.</summary>
[GeneratedComInterface(Options = ComInterfaceOptions.ManagedObjectWrapper)]
[Guid("d1fad99f-3f53-4457-850c-8051df2d3fb5")]
public unsafe partial interface IIndexableConcept
{
    /// <summary>The number of indices that an element has.</summary>
    [PreserveSig] int GetDimensionality(nint contextObject, ulong* dimensionality);

    /// <summary>An element. An error object is shown only together with S_OK.</summary>
    [PreserveSig] int GetAt(nint contextObject, ulong indexerCount, nint* indexers, nint* element, nint* metadata);

    /// <summary>Changes an element.</summary>
    [PreserveSig] int SetAt(nint contextObject, ulong indexerCount, nint* indexers, nint value);
}

/// <summary>A walk over an object's elements.</summary>
[GeneratedComInterface(Options = ComInterfaceOptions.ManagedObjectWrapper)]
[Guid("e4622136-927d-4490-874f-581f3e4e3688")]
public unsafe partial interface IModelIterator
{
    /// <summary>Back to the beginning.</summary>
    [PreserveSig] int Reset();

    /// <summary>The next element with its indices, which the caller may not want (0 dimensions); E_BOUNDS behind the last one.</summary>
    [PreserveSig] int GetNext(nint* element, ulong dimensions, nint* indexers, nint* metadata);
}

/// <summary>How an object is walked over.</summary>
[GeneratedComInterface(Options = ComInterfaceOptions.ManagedObjectWrapper)]
[Guid("f5d49d0c-0b02-4301-9c9b-b3a6037628f3")]
public unsafe partial interface IIterableConcept
{
    /// <summary>The number of indices that an element has; 0 when the object cannot be indexed.</summary>
    [PreserveSig] int GetDefaultIndexDimensionality(nint contextObject, ulong* dimensionality);

    /// <summary>Starts a walk.</summary>
    [PreserveSig] int GetIterator(nint contextObject, nint* iterator);
}

/// <summary>A key whose value is asked for when it is read.</summary>
[GeneratedComInterface(Options = ComInterfaceOptions.ManagedObjectWrapper)]
[Guid("5a0c63d9-0526-42b8-960c-9516a3254c85")]
public unsafe partial interface IModelPropertyAccessor
{
    /// <summary>Its value for an object.</summary>
    [PreserveSig] int GetValue(char* key, nint contextObject, nint* value);

    /// <summary>Changes it.</summary>
    [PreserveSig] int SetValue(char* key, nint contextObject, nint value);
}

/// <summary>Something that can be called.</summary>
[GeneratedComInterface(Options = ComInterfaceOptions.ManagedObjectWrapper)]
[Guid("80600c1f-b90b-4896-82ad-1c00207909e8")]
public unsafe partial interface IModelMethod
{
    /// <summary>Calls it.</summary>
    [PreserveSig] int Call(nint contextObject, ulong argumentCount, nint* arguments, nint* result, nint* metadata);
}
