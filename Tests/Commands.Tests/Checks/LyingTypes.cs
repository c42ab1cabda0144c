using LockLeak.Target;

namespace LockLeak.Tests.Checks;

/// <summary>Types that say of one field that it lies somewhere else.</summary>
/// <param name="types">The right ones.</param>
/// <param name="type">The structure.</param>
/// <param name="path">The field.</param>
/// <param name="shift">How many bytes behind its place.</param>
internal sealed class LyingTypes(ITypes types, string type, string path, int shift) : ITypes
{
    public int? SizeOf(string name) => types.SizeOf(name) + (name == type && path.Length == 0 ? shift : 0);

    public TypeField? Field(string name, string field) => types.Field(name, field) is not { } right ? null : name == type && field == path ? right with { Offset = right.Offset + shift } : right;

    public string? EnumName(string name, long value) => types.EnumName(name, value);
}

/// <summary>A target whose types are others than its memory's.</summary>
internal sealed class MistypedTarget(ITarget target, ITypes types) : ITarget
{
    public ITypes Types => types;

    public TargetFacts Facts => target.Facts;

    public BugCheck? BugCheck => target.BugCheck;

    public ISymbols Symbols => target.Symbols;

    public IReadOnlyList<ulong> RunningThreads => target.RunningThreads;

    public ulong InstructionPointer(int processor) => target.InstructionPointer(processor);

    public ulong CurrentThread => target.CurrentThread;

    public int Read(ulong address, Span<byte> buffer) => target.Read(address, buffer);

    public bool TryGetGlobal(KernelGlobal global, out ulong address) => target.TryGetGlobal(global, out address);
}
