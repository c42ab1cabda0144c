using System.Buffers.Binary;
using KdTarget.Machine;

namespace KdTarget.Tests;

/// <summary>Two processors and one page of memory, filled with a pattern.</summary>
internal sealed class TinyMachine : IMachine
{
    public const ulong Page = 0xFFFFF80012345000;
    public const ulong Prcb = Page + 0x800;
    public const ulong Thread = 0xFFFFA00000001080;
    private readonly byte[] _page = [.. Enumerable.Range(0, 0x1000).Select(i => (byte)(i * 7))];

    public TinyMachine()
    {
        Processors = [NewProcessor(Page + 0x10), NewProcessor(Page + 0x20)];
        this.WriteUInt64(Prcb + 8, Thread);
    }

    public ushort Build => 22621;

    public ulong KernelBase => Page;

    public ulong LoadedModuleList => Page + 0x100;

    public ulong DebuggerDataList => Page + 0x200;

    public IReadOnlyList<Processor> Processors { get; }

    public int StoppingProcessor => 1;

    public int ReadVirtual(ulong address, Span<byte> buffer)
    {
        ReadOnlySpan<byte> from = At(address);
        int count = Math.Min(from.Length, buffer.Length);
        from[..count].CopyTo(buffer);
        return count;
    }

    public int WriteVirtual(ulong address, ReadOnlySpan<byte> data)
    {
        Span<byte> to = At(address);
        int count = Math.Min(to.Length, data.Length);
        data[..count].CopyTo(to);
        return count;
    }

    public int ReadPhysical(ulong address, Span<byte> buffer) => ReadVirtual(Page + address, buffer);

    private Span<byte> At(ulong address) =>
        address - Page < 0x1000 ? _page.AsSpan((int)(address - Page)) : [];

    private static Processor NewProcessor(ulong instructionPointer)
    {
        var context = new byte[Processor.ContextSize];
        BinaryPrimitives.WriteUInt64LittleEndian(context.AsSpan(0xf8), instructionPointer);
        return new Processor(Prcb - 0x180, Prcb, context, new byte[0xe0]);
    }
}
