using System.Buffers.Binary;
using KdTarget.Machine;

namespace KdTarget.Requests;

/// <summary>Processors: contexts, control space, machine-specific registers.</summary>
internal static class ProcessorRequests
{
    // What a control-space address means on x64 (DEBUG_CONTROL_SPACE_...).
    private const ulong Pcr = 0, Prcb = 1, SpecialRegisters = 2, Thread = 3;

    /// <summary>DBGKD_GET_CONTEXT: the whole CONTEXT follows.</summary>
    public static void GetContext(Request request, IMachine machine)
    {
        if (Find(request, machine) is { } processor)
            request.Answer = processor.Context.ToArray();
    }

    /// <summary>DBGKD_SET_CONTEXT: the whole CONTEXT followed.</summary>
    public static void SetContext(Request request, IMachine machine)
    {
        if (Find(request, machine) is { } processor && Fits(request, 0, request.Data.Length))
            request.Data.Span.CopyTo(processor.Context);
    }

    /// <summary>DBGKD_CONTEXT_EX: Offset 0, ByteCount 4, BytesCopied 8; that part of the CONTEXT follows.</summary>
    public static void GetContextEx(Request request, IMachine machine)
    {
        int offset = (int)request.ReadUInt32(0), count = (int)request.ReadUInt32(4);
        request.BytesRequested = count;
        if (Find(request, machine) is not { } processor)
            return;
        offset = Math.Clamp(offset, 0, processor.Context.Length);
        count = Math.Clamp(count, 0, processor.Context.Length - offset);
        request.Answer = processor.Context[offset..(offset + count)];
        request.Write(8, (uint)count);
    }

    /// <summary>DBGKD_CONTEXT_EX: that part of the CONTEXT followed.</summary>
    public static void SetContextEx(Request request, IMachine machine)
    {
        int offset = (int)request.ReadUInt32(0);
        if (Find(request, machine) is not { } processor || !Fits(request, offset, request.Data.Length))
            return;
        request.Data.Span.CopyTo(processor.Context.AsSpan(offset));
        request.Write(8, (uint)request.Data.Length);
    }

    /// <summary>DBGKD_READ_MEMORY64, its address one of the control-space numbers.</summary>
    public static void ReadControlSpace(Request request, IMachine machine)
    {
        if (Find(request, machine) is not { } processor)
            return;
        byte[]? space = request.ReadUInt64(0) switch
        {
            Pcr => Bytes(processor.Pcr),
            Prcb => Bytes(processor.Prcb),
            SpecialRegisters => processor.SpecialRegisters,
            Thread => Bytes(machine.CurrentThread(processor)),
            _ => null,
        };
        request.BytesRequested = request.ReadUInt32(8);
        int count = (int)Math.Min(request.ReadUInt32(8), space?.Length ?? 0);
        request.Answer = space?[..count] ?? [];
        request.Write(12, (uint)count);
        request.Status = space is null ? NtStatus.Unsuccessful : NtStatus.Success;
    }

    /// <summary>DBGKD_WRITE_MEMORY64; of the control space only the special registers can be written.</summary>
    public static void WriteControlSpace(Request request, IMachine machine)
    {
        if (Find(request, machine) is not { } processor)
            return;
        bool possible = request.ReadUInt64(0) == SpecialRegisters;
        int count = possible ? Math.Min(request.Data.Length, processor.SpecialRegisters.Length) : 0;
        request.Data.Span[..count].CopyTo(processor.SpecialRegisters);
        request.Write(12, (uint)count);
        request.Status = possible ? NtStatus.Success : NtStatus.Unsuccessful;
    }

    /// <summary>DBGKD_READ_WRITE_MSR: Msr 0, its low half at 4, its high half at 8.</summary>
    public static void ReadMachineSpecificRegister(Request request, IMachine machine)
    {
        const uint efer = 0xC0000080, gsBase = 0xC0000101, kernelGsBase = 0xC0000102;
        const ulong longModeSystemCallNoExecute = 0xD01;
        if (Find(request, machine) is not { } processor)
            return;
        ulong? value = request.ReadUInt32(0) switch
        {
            efer => longModeSystemCallNoExecute,
            gsBase => processor.Pcr,
            kernelGsBase => 0,
            _ => null,
        };
        request.Write(4, value ?? 0);
        request.Status = value is null ? NtStatus.Unsuccessful : NtStatus.Success;
    }

    private static Processor? Find(Request request, IMachine machine)
    {
        if (request.Processor < machine.Processors.Count)
            return machine.Processors[request.Processor];
        request.Status = NtStatus.InvalidParameter;
        return null;
    }

    private static bool Fits(Request request, int offset, int count)
    {
        bool fits = offset >= 0 && offset + count <= Processor.ContextSize;
        request.Status = fits ? NtStatus.Success : NtStatus.InvalidParameter;
        return fits;
    }

    private static byte[] Bytes(ulong value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }
}
