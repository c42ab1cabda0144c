using KernelImages;
using KernelImages.Kernel;
using LockLeak.Target;

namespace LockLeak.Tests.Kernel;

/// <summary>A kernel without symbols that gives another build number than its memory is of.</summary>
internal sealed class MisnumberedTarget(SyntheticKernel kernel, uint build) : ITarget
{
    private readonly InMemoryTarget inner = new(kernel) { HasNoSymbols = true };

    public TargetFacts Facts => inner.Facts with { Build = build };

    public BugCheck? BugCheck => inner.BugCheck;

    public ITypes Types => inner.Types;

    public ISymbols Symbols => inner.Symbols;

    public IReadOnlyList<ulong> RunningThreads => inner.RunningThreads;

    public ulong CurrentThread => inner.CurrentThread;

    public int Read(ulong address, Span<byte> buffer) => inner.Read(address, buffer);

    public bool TryGetGlobal(KernelGlobal global, out ulong address) => inner.TryGetGlobal(global, out address);
}
