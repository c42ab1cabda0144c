using System.Buffers.Binary;

namespace KdTarget.Machine;

/// <summary>One processor of the machine, as it stopped.</summary>
/// <param name="Pcr">Address of its KPCR.</param>
/// <param name="Prcb">Address of its KPRCB.</param>
/// <param name="Context">Its CONTEXT (x64, 0x4d0 bytes); a debugger may change it.</param>
/// <param name="SpecialRegisters">Its KSPECIAL_REGISTERS (x64); a debugger may change them.</param>
public sealed record Processor(ulong Pcr, ulong Prcb, byte[] Context, byte[] SpecialRegisters)
{
    /// <summary>sizeof(CONTEXT) on x64.</summary>
    public const int ContextSize = 0x4d0;

    /// <summary>CONTEXT.Rip.</summary>
    public ulong InstructionPointer => BinaryPrimitives.ReadUInt64LittleEndian(Context.AsSpan(0xf8));

    /// <summary>CONTEXT.EFlags.</summary>
    public uint Flags => BinaryPrimitives.ReadUInt32LittleEndian(Context.AsSpan(0x44));
}
