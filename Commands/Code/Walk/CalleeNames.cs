using LockLeak.Code.Values;

namespace LockLeak.Code.Walk;

/// <summary>Says in the caller's terms what a called function knows by its own: its inputs are the caller's registers.</summary>
/// <param name="values">Makes values.</param>
/// <param name="before">The caller's state at the call.</param>
/// <param name="isTailCall">True when the function was jumped to: no return address was pushed for it.</param>
internal sealed class CalleeNames(ValueFactory values, MachineState before, bool isTailCall)
{
    private readonly Value frame = values.Add(before.Stack, isTailCall ? 0 : unchecked((ulong)-8));

    /// <summary>A value of the called function; unknown when only that function can name it.</summary>
    public Value Here(Value value) => values.Replace(value, Translate);

    private Value? Translate(Value part) => part.Kind switch
    {
        ValueKind.Input when part.Number == (ulong)Register.Rsp => frame,
        ValueKind.Input when part.Number < ValueFactory.Segment => before[(Register)part.Number],
        ValueKind.Fresh when ReferenceEquals(part, values.Entry) => before.Memory.Time,
        ValueKind.Fresh or ValueKind.Merged => values.Unknown,
        ValueKind.Memory => TranslateMemory(part),
        _ => null,
    };

    private Value TranslateMemory(Value memory)
    {
        Value address = Here(memory.Left!);
        if (address.IsUnknown || (memory.Right is not null && !ReferenceEquals(memory.Right, values.Entry)))
        {
            return values.Unknown;
        }

        Value content = before.Memory.Peek(address, memory.Part);
        return memory.Right is null ? values.Timeless(content) : content;
    }
}
