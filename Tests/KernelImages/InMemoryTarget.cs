using KernelImages.Dump;
using KernelImages.Kernel;
using LockLeak.Target;

namespace KernelImages;

/// <summary>A synthetic kernel as a debugger without an engine: answers from memory, counts what was asked.</summary>
/// <param name="kernel">The machine.</param>
public sealed class InMemoryTarget(SyntheticKernel kernel) : ITarget
{
    // One for each target: what is known of a target's types is kept by this object.
    private readonly NoTypes noTypes = new();
    private OwnTypes ownTypes = new(kernel.Types, _ => true);

    /// <summary>The machine underneath.</summary>
    public SyntheticKernel Kernel { get; } = kernel;

    /// <summary>Live, in place of a dump.</summary>
    public bool IsLive { get; init; }

    /// <summary>A small dump, which holds the thread that stopped the machine and no lists.</summary>
    public bool IsTriageDump { get; init; }

    /// <summary>Symbols of no module could be loaded: neither types nor names.</summary>
    public bool HasNoSymbols { get; init; }

    /// <summary>Which fields the symbols have, by "_TYPE.Path"; sees each question.</summary>
    public Predicate<string> HasField
    {
        init => ownTypes = new OwnTypes(Kernel.Types, value);
    }

    /// <summary>Where the debugger stands; null for the processor that it shows first.</summary>
    public ulong? SelectedThread { get; init; }

    /// <inheritdoc/>
    public IEnumerable<string> PoolTagTable { get; init; } = [];

    /// <summary>Address ranges that cannot be read.</summary>
    public List<(ulong Start, ulong End)> Unreadable { get; } = [];

    /// <summary>Calls of <see cref="Read"/>.</summary>
    public int Reads { get; private set; }

    /// <summary>Bytes that they asked for.</summary>
    public long BytesAskedFor { get; private set; }

    /// <summary>Called before each read: the tests' way to press Ctrl+Break in the middle, or to watch the reads.</summary>
    public Action<ulong, int>? OnRead { get; set; }

    /// <inheritdoc/>
    public TargetFacts Facts =>
        new(IsLive ? TargetKind.Live : TargetKind.Dump, true, IsTriageDump, Kernel.Types.Build, 8,
        0x8664)
        { Dump = IsLive ? DumpKind.Unknown : IsTriageDump ? DumpKind.Small : DumpKind.Full };

    /// <inheritdoc/>
    public BugCheck? BugCheck => Kernel.BugCheck;

    /// <inheritdoc/>
    public ITypes Types => HasNoSymbols ? noTypes : ownTypes;

    /// <inheritdoc/>
    public ISymbols Symbols => new InMemorySymbols(Kernel, HasNoSymbols);

    /// <inheritdoc/>
    /// <summary>CONTEXT.Rip of x64 (winnt.h).</summary>
    private const int RipOffset = 0xF8;

    public ulong InstructionPointer(int processor) => BitConverter.ToUInt64(Kernel.Processors[processor].Context, RipOffset);

    public IReadOnlyList<ulong> RunningThreads => [.. Kernel.Processors.Select(processor => processor.Thread.Address)];

    /// <inheritdoc/>
    public ulong CurrentThread => SelectedThread ?? Kernel.Processors[Kernel.CurrentProcessor].Thread.Address;

    /// <inheritdoc/>
    public int Read(ulong address, Span<byte> buffer)
    {
        Reads++;
        BytesAskedFor += buffer.Length;
        OnRead?.Invoke(address, buffer.Length);
        foreach ((ulong start, ulong end) in Unreadable)
        {
            if (address >= start && address < end) return 0;
            if (address < start && start - address < (ulong)buffer.Length) buffer = buffer[..(int)(start - address)];
        }
        return IsTriageDump ? TriageMemory.Of(Kernel).Read(Kernel, address, buffer) : Kernel.Memory.Read(address, buffer);
    }

    /// <inheritdoc/>
    public bool TryGetGlobal(KernelGlobal global, out ulong address)
    {
        address = Kernel.Modules.Kernel(global.ToString());
        return address != 0;
    }

    private sealed class OwnTypes(ITypes types, Predicate<string> hasField) : ITypes
    {
        public int? SizeOf(string type) => types.SizeOf(type);

        public TypeField? Field(string type, string path) => hasField($"{type}.{path}") ? types.Field(type, path) : null;

        public string? EnumName(string type, long value) => types.EnumName(type, value);
    }

    private sealed class NoTypes : ITypes
    {
        public int? SizeOf(string type) => null;

        public TypeField? Field(string type, string path) => null;

        public string? EnumName(string type, long value) => null;
    }
}
