namespace LockLeak.Target;

/// <summary>Type information of the kernel image, whatever its origin.</summary>
public interface ITypes
{
    /// <summary>The size of a structure in bytes, or null when the type is not there.</summary>
    int? SizeOf(string type);

    /// <summary>
    /// A field by its path, such as "Tcb.State" in "_ETHREAD"; array elements and unnamed unions as <c>dt</c> shows them.
    /// </summary>
    /// <returns>Null when the type or the field is not there.</returns>
    TypeField? Field(string type, string path);

    /// <summary>The name of an enumeration's value, such as "WrPushLock" for 28 in "_KWAIT_REASON"; null when there is none.</summary>
    string? EnumName(string type, long value);
}

/// <summary>Where a field lies.</summary>
/// <param name="Offset">Bytes from the start of the structure to the field, or to the storage unit of a bit field.</param>
/// <param name="Size">Bytes of the field, or of the storage unit of a bit field.</param>
/// <param name="BitPosition">First bit inside the storage unit; 0 for a field that is no bit field.</param>
/// <param name="BitLength">Bits of a bit field; 0 for a field that is none.</param>
/// <param name="IsPointer">True for a pointer; family A1 and A0 differ in no other way.</param>
public readonly record struct TypeField(int Offset, int Size, int BitPosition, int BitLength, bool IsPointer)
{
    /// <summary>One past its last byte, in bytes from the start of the structure.</summary>
    public int End => Offset + Size;
}
