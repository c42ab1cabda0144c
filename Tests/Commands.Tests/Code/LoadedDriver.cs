using System.Buffers.Binary;
using System.Text;
using LockLeak.Target;

namespace LockLeak.Tests.Code;

/// <summary>
/// A .sys file as the kernel's loader leaves it in memory: sections at their addresses, relocated, the import table
/// bound, INIT sections thrown away. Its imports lie in modules that hold nothing but their names.
/// </summary>
internal sealed class LoadedDriver : ITarget, ISymbols
{
    /// <summary>Where the driver lies.</summary>
    public const ulong Start = 0xfffff807_45960000;

    private const ulong Kernel = 0xfffff807_26800000, Other = 0xfffff807_60000000;
    private const uint IsDiscardable = 0x02000000;

    private readonly byte[] bytes;
    private readonly bool[] present;
    private readonly Dictionary<string, ulong> imports = new(StringComparer.Ordinal);

    public LoadedDriver(byte[] file)
    {
        int optional = Int32(file, 0x3c) + 24;
        bytes = new byte[Int32(file, optional + 56) + 0xfff & ~0xfff];
        present = new bool[bytes.Length / 0x1000];
        file.AsSpan(0, Int32(file, optional + 60)).CopyTo(bytes);
        present[0] = true;
        int sections = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(optional - 18)),
            table = optional + BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(optional - 4));
        List<int> discarded = [];
        for (int row = table; row < table + sections * 40; row += 40)
        {
            int size = Int32(file, row + 8), at = Int32(file, row + 12), raw = Int32(file, row + 20);
            file.AsSpan(raw, Math.Min(Math.Min(size, Int32(file, row + 16)), file.Length - raw)).CopyTo(bytes.AsSpan(at));
            for (int page = at / 0x1000; page <= (at + Math.Max(size, 1) - 1) / 0x1000; page++)
            {
                present[page] = true;
                if (((uint)Int32(file, row + 36) & IsDiscardable) != 0)
                {
                    discarded.Add(page);
                }
            }
        }

        Relocate(optional);
        BindImports(optional);
        BindGuard(optional);
        Exports = ReadExports(optional);
        discarded.ForEach(page => present[page] = false);
    }

    /// <summary>The addresses of the functions that it exports.</summary>
    public IReadOnlyDictionary<string, ulong> Exports { get; }

    /// <summary>The cells of the import table, by the routine whose address they hold.</summary>
    public Dictionary<string, ulong> ImportCells { get; } = new(StringComparer.Ordinal);

    /// <summary>The cell through which guarded calls go; 0 without control flow guard.</summary>
    public ulong GuardDispatchCell { get; private set; }

    /// <summary>Bytes of the image, for those who damage them.</summary>
    public Span<byte> Bytes => bytes;

    /// <summary>The image's size.</summary>
    public ulong Size => (ulong)bytes.Length;

    /// <summary>Makes pages of the image unreadable, as when they are paged out.</summary>
    public void Hide(ulong address, int size) => Array.Fill(present, false, (int)((address - Start) / 0x1000), size / 0x1000);

    public TargetFacts Facts { get; init; } = new(TargetKind.Dump, true, false, 22621, 8, Machine.Amd64);

    public BugCheck? BugCheck => null;

    public ITypes Types { get; } = new NoTypes();

    public ISymbols Symbols => this;

    public IReadOnlyList<ulong> RunningThreads => [];

    public ulong InstructionPointer(int processor) => 0;

    public ulong CurrentThread => 0;

    public IEnumerable<string> PoolTagTable => [];

    public int Read(ulong address, Span<byte> buffer)
    {
        ulong offset = address - Start;
        int count = 0;
        while (count < buffer.Length && offset < (ulong)bytes.Length && present[offset / 0x1000])
        {
            int part = (int)Math.Min((ulong)(buffer.Length - count), 0x1000 - offset % 0x1000);
            bytes.AsSpan((int)offset, part).CopyTo(buffer[count..]);
            (count, offset) = (count + part, offset + (ulong)part);
        }

        return count;
    }

    public bool TryGetGlobal(KernelGlobal global, out ulong address) => throw new NotSupportedException();

    public bool TryGetAddress(string name, out ulong address) =>
        imports.TryGetValue(name[(name.IndexOf('!', StringComparison.Ordinal) + 1)..], out address);

    public SymbolName? At(ulong address)
    {
        if (address - Start < Size)
        {
            var nearest = Exports.Where(export => export.Value <= address).OrderByDescending(export => export.Value).FirstOrDefault();
            return new SymbolName("driver", nearest.Key, address - (nearest.Key is null ? Start : nearest.Value), ModuleStart: Start);
        }

        string? name = imports.FirstOrDefault(import => import.Value == address).Key;
        return name is null ? null
            : new SymbolName(address < Start ? "nt" : "other", name, 0, ModuleStart: address < Start ? Kernel : Other);
    }

    public string? ModuleVersion(ulong module) => null;

    public bool TryEvaluate(string expression, out ulong value) => throw new NotSupportedException();

    public IReadOnlyList<StackFrame> Stack(ulong thread, int frames) => [];

    private static int Int32(ReadOnlySpan<byte> from, int at) => BinaryPrimitives.ReadInt32LittleEndian(from[at..]);

    private ulong Quad(int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));

    private void SetQuad(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), value);

    private string Text(int at) => Encoding.ASCII.GetString(bytes.AsSpan(at, bytes.AsSpan(at).IndexOf((byte)0)));

    private int Directory(int optional, int index) => Int32(bytes, optional + 112 + index * 8);

    private void Relocate(int optional)
    {
        ulong moved = Start - BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(optional + 24));
        int at = Directory(optional, 5), end = at + Int32(bytes, optional + 116 + 5 * 8);
        while (at != 0 && at < end && Int32(bytes, at + 4) is > 0 and var size)
        {
            for (int i = 8; i + 2 <= size; i += 2)
            {
                int entry = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at + i)), place = Int32(bytes, at) + (entry & 0xfff);
                if (entry >> 12 == 10)
                {
                    SetQuad(place, Quad(place) + moved);
                }
            }

            at += size;
        }
    }

    private void BindImports(int optional)
    {
        for (int row = Directory(optional, 1); row != 0 && Int32(bytes, row + 12) != 0; row += 20)
        {
            string module = Text(Int32(bytes, row + 12)).ToUpperInvariant();
            bool isKernel =
                module is "NTOSKRNL.EXE" or "HAL.DLL" or "FLTMGR.SYS" or "KSECDD.SYS" or "CNG.SYS" or "NDIS.SYS" or "NETIO.SYS"
                    or "WDFLDR.SYS" or "TM.SYS";
            int names = Int32(bytes, row) != 0 ? Int32(bytes, row) : Int32(bytes, row + 16), cells = Int32(bytes, row + 16);
            for (int i = 0; Quad(names + i * 8) is not 0 and var entry; i++)
            {
                string name = entry >> 63 != 0 ? $"{module}#{entry & 0xffff}" : Text((int)entry + 2);
                SetQuad(cells + i * 8, Import(name, isKernel ? Kernel : Other));
                ImportCells[name] = Start + (ulong)(cells + i * 8);
            }
        }
    }

    // The loader points the two cells of control flow guard at routines of the kernel.
    private void BindGuard(int optional)
    {
        int config = Directory(optional, 10);
        if (config != 0 && Int32(bytes, config) >= 0x80)
        {
            foreach ((int at, string name) in ((int, string)[])[(0x70, "_guard_check_icall"), (0x78, "_guard_dispatch_icall")])
            {
                if (Quad(config + at) - Start is < int.MaxValue and var cell)
                {
                    SetQuad((int)cell, Import(name, Kernel));
                    GuardDispatchCell = Start + cell;
                }
            }
        }
    }

    private ulong Import(string name, ulong module)
    {
        if (!imports.TryGetValue(name, out ulong address))
        {
            imports.Add(name, address = module + 0x1000 + (ulong)imports.Count * 0x40);
        }

        return address;
    }

    private Dictionary<string, ulong> ReadExports(int optional)
    {
        Dictionary<string, ulong> found = new(StringComparer.Ordinal);
        int at = Directory(optional, 0);
        for (int i = 0; at != 0 && i < Int32(bytes, at + 24); i++)
        {
            int ordinal = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(Int32(bytes, at + 36) + i * 2));
            found[Text(Int32(bytes, Int32(bytes, at + 32) + i * 4))] = Start + (uint)Int32(bytes, Int32(bytes, at + 28) + ordinal * 4);
        }

        return found;
    }

    private sealed class NoTypes : ITypes
    {
        public int? SizeOf(string type) => null;

        public TypeField? Field(string type, string path) => null;

        public string? EnumName(string type, long value) => null;
    }
}
