using System.Runtime.InteropServices;

namespace LockLeak.DbgEng.DataModel;

/// <summary>VARIANT (oaidl.h), as far as the data model uses it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
public struct Variant
{
    /// <summary>Which field is valid.</summary>
    [FieldOffset(0)] public ushort Type;

    /// <summary>VT_UI8, and whatever the bits mean to the narrower types.</summary>
    [FieldOffset(8)] public ulong UInt64;

    /// <summary>VT_I8.</summary>
    [FieldOffset(8)] public long Int64;

    /// <summary>VT_BOOL: 0 or -1.</summary>
    [FieldOffset(8)] public short Bool;

    /// <summary>VT_BSTR and VT_UNKNOWN.</summary>
    [FieldOffset(8)] public nint Pointer;

    /// <summary>An unsigned number: dx shows it in hexadecimal.</summary>
    public static Variant Of(ulong value) => new() { Type = (ushort)VarEnum.VT_UI8, UInt64 = value };

    /// <summary>A signed number: dx shows it in decimal.</summary>
    public static Variant Of(long value) => new() { Type = (ushort)VarEnum.VT_I8, Int64 = value };

    /// <summary>A truth value.</summary>
    public static Variant Of(bool value) => new() { Type = (ushort)VarEnum.VT_BOOL, Bool = (short)(value ? -1 : 0) };

    /// <summary>A BSTR, which stays the caller's: the data model copies it.</summary>
    public static Variant OfString(nint bstr) => new() { Type = (ushort)VarEnum.VT_BSTR, Pointer = bstr };

    /// <summary>A callback. Methods and property accessors are VT_UNKNOWN too.</summary>
    public static Variant OfUnknown(nint unknown) => new() { Type = (ushort)VarEnum.VT_UNKNOWN, Pointer = unknown };
}
