using KernelImages.Memory;
using LockLeak.Layouts;
using LockLeak.Target;

namespace LockLeak.Tests;

/// <summary>A target that is nothing but memory, for tests of single structures.</summary>
internal sealed class MemoryTarget(KernelTypes types, uint machine = 0x8664) : ITarget, ISymbols
{
    public AddressSpace Memory { get; } = new();

    public TypedMemory Typed => new(Memory, types);

    public TargetFacts Facts => new(TargetKind.Dump, true, false, types.Build, 8, machine);

    public BugCheck? BugCheck => null;

    public ITypes Types => types;

    public ISymbols Symbols => this;

    public IReadOnlyList<ulong> RunningThreads => [];

    public ulong InstructionPointer(int processor) => 0;

    public ulong CurrentThread => 0;

    public IEnumerable<string> PoolTagTable => [];

    public Dictionary<KernelGlobal, ulong> Globals { get; } = [];

    public int Read(ulong address, Span<byte> buffer) => Memory.Read(address, buffer);

    public bool TryGetGlobal(KernelGlobal global, out ulong address) => Globals.TryGetValue(global, out address);

    public bool TryGetAddress(string name, out ulong address)
    {
        address = 0;
        return false;
    }

    public SymbolName? At(ulong address) => null;

    public string? ModuleVersion(ulong module) => null;

    public bool TryEvaluate(string expression, out ulong value)
    {
        value = 0;
        return false;
    }

    public IReadOnlyList<StackFrame> Stack(ulong thread, int frames) => [];
}
