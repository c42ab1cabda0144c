using KdTarget.Machine;
using KdTarget.Packets;

namespace KdTarget.Requests;

/// <summary>Memory: DBGKD_READ_MEMORY64, DBGKD_WRITE_MEMORY64, DBGKD_SEARCH_MEMORY, DBGKD_QUERY_MEMORY.</summary>
internal static class MemoryRequests
{
    /// <summary>DBGKD_READ_MEMORY64 and DBGKD_WRITE_MEMORY64: TargetBaseAddress, TransferCount, ActualBytes.</summary>
    private const int Address = 0, TransferCount = 8, ActualBytes = 12;

    /// <summary>The most that fits into one answer.</summary>
    private const int MostBytes = Packet.MaxData - Request.HeaderSize;

    /// <summary>The most that one search looks through: a longer one is the debugger's to split.</summary>
    private const ulong MostSearched = 1 << 20;

    private delegate int Reader(ulong address, Span<byte> buffer);

    public static void ReadVirtual(Request request, IMachine machine) => Read(request, machine.ReadVirtual);

    public static void ReadPhysical(Request request, IMachine machine) => Read(request, machine.ReadPhysical);

    public static void WriteVirtual(Request request, IMachine machine)
    {
        int count = Math.Min((int)request.ReadUInt32(TransferCount), request.Data.Length);
        request.BytesRequested = count;
        int written = machine.WriteVirtual(request.ReadUInt64(Address), request.Data.Span[..count]);
        request.Write(ActualBytes, (uint)written);
        request.Status = written == count ? NtStatus.Success : NtStatus.Unsuccessful;
    }

    /// <summary>SearchAddress becomes FoundAddress; SearchLength at 8, PatternLength at 16; the pattern follows.</summary>
    public static void Search(Request request, IMachine machine)
    {
        ulong start = request.ReadUInt64(0);
        var buffer = new byte[Math.Min(request.ReadUInt64(8), MostSearched)];
        int pattern = Math.Min((int)request.ReadUInt32(16), request.Data.Length);
        request.BytesRequested = buffer.Length;
        int read = machine.ReadVirtual(start, buffer);
        int found = buffer.AsSpan(0, read).IndexOf(request.Data.Span[..pattern]);
        if (found >= 0)
            request.Write(0, start + (ulong)found);
        request.Status = found >= 0 ? NtStatus.Success : NtStatus.NoMoreEntries;
    }

    /// <summary>AddressSpace at 16: kernel; Flags at 20: read, write, execute. The stand-in has no finer knowledge.</summary>
    public static void Query(Request request, IMachine machine)
    {
        const uint kernelSpace = 2, readWriteExecute = 7;
        request.Write(16, kernelSpace);
        request.Write(20, readWriteExecute);
    }

    /// <summary>Does to an answer with memory what a test asks for.</summary>
    public static void Spoil(Request request, Faults faults)
    {
        if (faults.Take(Fault.WrongMemory))
            request.Answer = Packet.Junk(request.Answer);
        if (faults.Take(Fault.WrongLength))
            request.Answer = request.Answer[..(request.Answer.Length / 2)];
        if (faults.Take(Fault.ShortAnswer))
        {
            request.Answer = request.Answer[..(request.Answer.Length / 2)];
            request.Write(ActualBytes, (uint)request.Answer.Length);
            request.Status = NtStatus.Unsuccessful;
        }
    }

    private static void Read(Request request, Reader read)
    {
        var buffer = new byte[Math.Min(request.ReadUInt32(TransferCount), MostBytes)];
        request.BytesRequested = request.ReadUInt32(TransferCount);
        int count = read(request.ReadUInt64(Address), buffer);
        request.Answer = buffer[..count];
        request.Write(ActualBytes, (uint)count);
        request.Status = count == buffer.Length ? NtStatus.Success : NtStatus.Unsuccessful;
    }
}
