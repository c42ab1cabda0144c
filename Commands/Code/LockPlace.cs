using LockLeak.Code.Images;
using LockLeak.Code.Values;

namespace LockLeak.Code;

/// <summary>Works out where a lock lies in the target, as far as its address follows from numbers, the stack and memory.</summary>
/// <param name="values">Makes values.</param>
/// <param name="memory">The target's memory.</param>
/// <param name="stack">The stack pointer when the frame's function began; null when it is not known.</param>
internal sealed class LockPlace(ValueFactory values, CodeMemory memory, ulong? stack)
{
    /// <summary>An address.</summary>
    /// <param name="Address">The address; null when it does not follow.</param>
    /// <param name="IsSure">True when no memory was read for it, which may have changed since.</param>
    internal readonly record struct Found(ulong? Address, bool IsSure);

    /// <summary>Where a lock lies. Not deeper than a value can be.</summary>
    public Found Of(Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Number:
                return new Found(value.Number, true);
            case ValueKind.Input when ReferenceEquals(value, values.Stack) && stack is not null:
                return new Found(stack, true);
            case ValueKind.Offset:
                Found start = Of(value.Left!);
                return start with { Address = start.Address + value.Number };
            case ValueKind.Memory when value.Part == 64:
                return Of(value.Left!).Address is { } cell && memory.TryReadUInt64(cell, out ulong content) ? new Found(content, false)
                    : default;
            default:
                return default;
        }
    }
}
