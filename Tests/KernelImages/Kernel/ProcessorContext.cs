using System.Buffers.Binary;

namespace KernelImages.Kernel;

/// <summary>The CONTEXT record of an AMD64 processor (winnt.h).</summary>
internal static class ProcessorContext
{
    private const int Size = 0x4d0, ContextFlags = 0x30, MxCsr = 0x34, Segments = 0x38, EFlags = 0x44, Rsp = 0x98, Rip = 0xf8;
    private const uint All = 0x10001f, DefaultMxCsr = 0x1f80, DefaultFlags = 0x40282;

    /// <summary>Cs, Ds, Es, Fs, Gs, Ss in kernel mode.</summary>
    private static readonly ushort[] KernelSegments = [0x10, 0x2b, 0x2b, 0x53, 0x2b, 0x18];

    /// <summary>The same in user mode: the low bits of Cs and Ss are the privilege level, 3.</summary>
    private static readonly ushort[] UserSegments = [0x33, 0x2b, 0x2b, 0x53, 0x2b, 0x2b];
    private const ulong UserInstruction = 0x00007ff6_1234_1010, UserStack = 0x000000d0_8f2f_e9a8;

    /// <summary>The context of a processor that was stopped in user mode.</summary>
    public static byte[] InUserMode => Of(UserInstruction, UserStack, UserSegments);

    /// <summary>The instruction pointer of a context.</summary>
    public static ulong InstructionOf(byte[] context) => BinaryPrimitives.ReadUInt64LittleEndian(context.AsSpan(Rip));

    /// <summary>A kernel-mode context with an instruction and a stack pointer.</summary>
    public static byte[] Of(ulong instruction, ulong stack) => Of(instruction, stack, KernelSegments);

    private static byte[] Of(ulong instruction, ulong stack, ushort[] segments)
    {
        byte[] context = new byte[Size];
        BinaryPrimitives.WriteUInt32LittleEndian(context.AsSpan(ContextFlags), All);
        BinaryPrimitives.WriteUInt32LittleEndian(context.AsSpan(MxCsr), DefaultMxCsr);
        for (int i = 0; i < segments.Length; i++) BinaryPrimitives.WriteUInt16LittleEndian(context.AsSpan(Segments + 2 * i), segments[i]);
        BinaryPrimitives.WriteUInt32LittleEndian(context.AsSpan(EFlags), DefaultFlags);
        BinaryPrimitives.WriteUInt64LittleEndian(context.AsSpan(Rsp), stack);
        BinaryPrimitives.WriteUInt64LittleEndian(context.AsSpan(Rip), instruction);
        return context;
    }
}
