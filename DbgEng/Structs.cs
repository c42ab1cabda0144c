using System.Runtime.InteropServices;

namespace LockLeak.DbgEng;

// Structures of dbgeng.h, dbghelp.h and wdbgexts.h, field for field; what we do not look at is left without names.

/// <summary>DEBUG_VALUE (dbgeng.h): a value and its type.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
public struct DEBUG_VALUE
{
    /// <summary>The value when <see cref="Type"/> is <see cref="DEBUG_VALUE_TYPE.INT64"/>.</summary>
    [FieldOffset(0)] public ulong I64;

    /// <summary>Which of the fields is valid.</summary>
    [FieldOffset(28)] public DEBUG_VALUE_TYPE Type;
}

/// <summary>DEBUG_STACK_FRAME (dbgeng.h).</summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
public struct DEBUG_STACK_FRAME
{
    /// <summary>Instruction pointer, or the return address into this frame's function.</summary>
    [FieldOffset(0)] public ulong InstructionOffset;

    /// <summary>Stack pointer of the frame.</summary>
    [FieldOffset(24)] public ulong StackOffset;
}

/// <summary>DEBUG_MODULE_PARAMETERS (dbgeng.h).</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
public struct DEBUG_MODULE_PARAMETERS
{
    /// <summary>Base address.</summary>
    [FieldOffset(0)] public ulong Base;

    /// <summary>Bytes of the image in memory.</summary>
    [FieldOffset(8)] public uint Size;

    /// <summary>From the header of the image.</summary>
    [FieldOffset(12)] public uint TimeDateStamp;

    /// <summary>Loaded or unloaded, and more.</summary>
    [FieldOffset(20)] public DEBUG_MODULE Flags;
}

/// <summary>VS_FIXEDFILEINFO (verrsrc.h): the version of a file.</summary>
[StructLayout(LayoutKind.Explicit, Size = 52)]
public struct VS_FIXEDFILEINFO
{
    /// <summary>The first two numbers of the file version, 16 bits each.</summary>
    [FieldOffset(8)] public uint FileVersionMS;

    /// <summary>The last two.</summary>
    [FieldOffset(12)] public uint FileVersionLS;
}

/// <summary>IMAGEHLP_MODULEW64 (dbghelp.h): a module and the symbols that were found for it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 3264)]
public struct IMAGEHLP_MODULEW64
{
    /// <summary>sizeof(IMAGEHLP_MODULEW64), set by the caller.</summary>
    [FieldOffset(0)] public uint SizeOfStruct;

    /// <summary>Bytes of the image in memory.</summary>
    [FieldOffset(16)] public uint ImageSize;

    /// <summary>From the header of the image.</summary>
    [FieldOffset(20)] public uint TimeDateStamp;

    /// <summary>Where symbols come from, or that they have not been looked for yet.</summary>
    [FieldOffset(32)] public DEBUG_SYMTYPE SymType;

    /// <summary>GUID of the PDB.</summary>
    [FieldOffset(3204)] public Guid PdbSig70;

    /// <summary>Age of the PDB.</summary>
    [FieldOffset(3220)] public uint PdbAge;

    /// <summary>Not 0 when the symbols have types.</summary>
    [FieldOffset(3240)] public int TypeInfo;
}

/// <summary>WINDBG_EXTENSION_APIS64 (wdbgexts.h): the call-back table of the old extension interface.</summary>
[StructLayout(LayoutKind.Explicit, Size = 96)]
public unsafe struct WINDBG_EXTENSION_APIS64
{
    /// <summary>sizeof(WINDBG_EXTENSION_APIS64), set by the caller.</summary>
    [FieldOffset(0)] public uint nSize;

    /// <summary>One of IG_*, its structure and the size of that; 0 for success.</summary>
    [FieldOffset(80)] public delegate* unmanaged<ushort, void*, uint, uint> lpIoctlRoutine;
}

/// <summary>SYM_DUMP_PARAM (wdbgexts.h), the structure of IG_DUMP_SYMBOL_INFO: a type, and fields of it to be looked up.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct SYM_DUMP_PARAM
{
    /// <summary>The number of the request in <see cref="WINDBG_EXTENSION_APIS64.lpIoctlRoutine"/>.</summary>
    public const ushort IG_DUMP_SYMBOL_INFO = 22;

    /// <summary>Look up only.</summary>
    public const uint DBG_DUMP_NO_PRINT = 0x40;

    /// <summary>sizeof(SYM_DUMP_PARAM).</summary>
    public uint size;

    /// <summary>"module!type".</summary>
    public byte* sName;

    /// <summary>DBG_DUMP_*.</summary>
    public uint Options;

    /// <summary>Address of an object, or 0.</summary>
    public ulong addr;

    /// <summary>Not used here.</summary>
    public void* listLink, Context, CallbackRoutine;

    /// <summary>The number of fields.</summary>
    public uint nFields;

    /// <summary>The fields.</summary>
    public FIELD_INFO* Fields;

    /// <summary>Answer: base of the module that has the type.</summary>
    public ulong ModBase;

    /// <summary>Answer: the type.</summary>
    public uint TypeId, TypeSize, BufferSize, Flags;
}

/// <summary>FIELD_INFO (wdbgexts.h): a field of a type.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct FIELD_INFO
{
    /// <summary>The whole name has to agree, not its start.</summary>
    public const uint DBG_DUMP_FIELD_FULL_NAME = 0x8;

    /// <summary>Answer in <see cref="address"/>.</summary>
    public const uint DBG_DUMP_FIELD_RETURN_ADDRESS = 0x1000;

    /// <summary>Path of the field.</summary>
    public byte* fName;

    /// <summary>Not used here.</summary>
    public byte* printName;

    /// <summary>Answer: bytes of the field.</summary>
    public uint size;

    /// <summary>DBG_DUMP_FIELD_*.</summary>
    public uint fOptions;

    /// <summary>Answer: address of the field, its offset when the object's address is 0.</summary>
    public ulong address;

    /// <summary>Not used here.</summary>
    public void* fieldCallBack;

    /// <summary>Answer: the type of the field and its offset.</summary>
    public uint TypeId, FieldOffset, BufferSize;

    /// <summary>Answer: first bit and number of bits of a bit field; 0 for others.</summary>
    public ushort BitPosition, BitSize;

    /// <summary>Answer: bits 0-1 are not 0 for a pointer.</summary>
    public uint Flags;

    /// <summary>True for a pointer.</summary>
    public readonly bool IsPointer => (Flags & 3) != 0;
}
