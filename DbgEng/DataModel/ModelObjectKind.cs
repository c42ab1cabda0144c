namespace LockLeak.DbgEng.DataModel;

/// <summary>ModelObjectKind (dbgmodel.h).</summary>
public enum ModelObjectKind
{
    /// <summary>A callback that gives a key's value.</summary>
    PropertyAccessor,

    /// <summary>A target.</summary>
    Context,

    /// <summary>A typed object in the target.</summary>
    TargetObject,

    /// <summary>A reference to one.</summary>
    TargetObjectReference,

    /// <summary>An object that an extension made.</summary>
    Synthetic,

    /// <summary>No value.</summary>
    NoValue,

    /// <summary>A reason why there is no value.</summary>
    Error,

    /// <summary>A number, string, truth value or pointer.</summary>
    Intrinsic,

    /// <summary>A callback that can be called.</summary>
    Method,

    /// <summary>A reference to a key.</summary>
    KeyReference,
}
