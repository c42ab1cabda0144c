using LockLeak.Target;

namespace LockLeak.Tests;

/// <summary>A target whose facts are others than its memory's.</summary>
internal sealed class OtherTarget(ITarget target) : ITarget
{
    public required TargetFacts Facts { get; init; }

    public BugCheck? BugCheck => target.BugCheck;

    public ITypes Types => target.Types;

    public ISymbols Symbols => target.Symbols;

    public IReadOnlyList<ulong> RunningThreads => target.RunningThreads;

    public ulong InstructionPointer(int processor) => target.InstructionPointer(processor);

    public ulong CurrentThread => target.CurrentThread;

    public int Read(ulong address, Span<byte> buffer) => target.Read(address, buffer);

    public bool TryGetGlobal(KernelGlobal global, out ulong address) => target.TryGetGlobal(global, out address);
}
