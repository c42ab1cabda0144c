using LockLeak.Target;

namespace LockLeak.Tests;

/// <summary>A target whose facts, types or symbols are others than its memory's.</summary>
internal sealed class OtherTarget(ITarget target) : ITarget
{
    public TargetFacts Facts { get; init; } = target.Facts;

    public BugCheck? BugCheck => target.BugCheck;

    public ITypes Types { get; init; } = target.Types;

    public ISymbols Symbols { get; init; } = target.Symbols;

    public IReadOnlyList<ulong> RunningThreads => target.RunningThreads;

    public ulong InstructionPointer(int processor) => target.InstructionPointer(processor);

    public ulong CurrentThread => target.CurrentThread;

    public IEnumerable<string> PoolTagTable => target.PoolTagTable;

    public int Read(ulong address, Span<byte> buffer) => target.Read(address, buffer);

    public bool TryGetGlobal(KernelGlobal global, out ulong address) => target.TryGetGlobal(global, out address);
}
