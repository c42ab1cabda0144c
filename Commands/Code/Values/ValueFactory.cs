using System.Numerics;

namespace LockLeak.Code.Values;

/// <summary>Makes values, each once, and simplifies them. What would grow too large is unknown instead.</summary>
internal sealed class ValueFactory
{
    /// <summary>The register number of the segment that gs and fs address.</summary>
    public const int Segment = 16;

    // Deeper expressions than these were in no driver of any use; the bounds keep one instruction's work small.
    private const int Deepest = 12, MostSymbols = 12;

    private readonly Dictionary<(ValueKind Kind, ulong Number, int Part, int Left, int Right), Value> all = [];

    public ValueFactory()
    {
        Unknown = new Value { Kind = ValueKind.Unknown, Id = -2 };
        Stack = Input((int)Register.Rsp);
        Entry = Fresh(0, 0);
    }

    /// <summary>Nothing is known.</summary>
    public Value Unknown { get; }

    /// <summary>The stack pointer at the function's first instruction: it points at the return address.</summary>
    public Value Stack { get; }

    /// <summary>The time at which the function began, for memory reads.</summary>
    public Value Entry { get; }

    /// <summary>A number.</summary>
    public Value Number(ulong number) => Make(ValueKind.Number, number, 0, null, null, Value.BitsOf(number));

    /// <summary>Bytes from the function's return address to a place on its stack; null for any other address.</summary>
    public long? StackOffset(Value address) => address.Split() is var (start, distance) && ReferenceEquals(start, Stack) ? (long)distance
        : null;

    /// <summary>A register at the function's begin.</summary>
    public Value Input(int register) => Make(ValueKind.Input, (ulong)register, 0, null, null, 64);

    /// <summary>One of the things that an instruction made.</summary>
    public Value Fresh(ulong instruction, int part) => Make(ValueKind.Fresh, instruction, part, null, null, 64);

    /// <summary>What a place (a register or a cell) holds where ways meet.</summary>
    public Value Merged(ulong block, int place) => Make(ValueKind.Merged, block, place, null, null, 64);

    /// <summary>What memory holds.</summary>
    /// <param name="address">Where.</param>
    /// <param name="bits">How many bits of it.</param>
    /// <param name="time">Since when it holds that; null to leave it open.</param>
    public Value Memory(Value address, int bits, Value? time) => Make(ValueKind.Memory, 0, bits, address, time, bits);

    /// <summary>A value plus a number.</summary>
    public Value Add(Value value, ulong number) => value switch
    {
        _ when number == 0 => value,
        { Kind: ValueKind.Number } => Number(value.Number + number),
        { Kind: ValueKind.Offset } => Add(value.Left!, value.Number + number),
        _ => Make(ValueKind.Offset, number, 0, value, null, 64),
    };

    /// <summary>Two values added.</summary>
    public Value Sum(Value a, Value b)
    {
        if (a.IsNumber || b.IsNumber)
        {
            return b.IsNumber ? Add(a, b.Number) : Add(b, a.Number);
        }

        var ((first, m), (second, n)) = (a.Split(), b.Split());
        (first, second) = first!.Id <= second!.Id ? (first, second) : (second, first);
        return Add(Make(ValueKind.Sum, 0, 0, first, second, 64), m + n);
    }

    /// <summary>One value subtracted from another.</summary>
    public Value Subtract(Value a, Value b)
    {
        if (b.IsNumber)
        {
            return Add(a, 0 - b.Number);
        }

        var ((first, m), (second, n)) = (a.Split(), b.Split());
        return first is not null && first.IsSame(second!) ? Number(m - n)
            : Add(Make(ValueKind.Difference, 0, 0, first ?? Number(0), second, 64), m - n);
    }

    /// <summary>And, or, exclusive or, and the shifts.</summary>
    public Value Bitwise(ValueKind kind, Value a, Value b)
    {
        if (a.IsNumber && b.IsNumber)
        {
            return Number(Compute(kind, a.Number, b.Number));
        }

        if (a.IsNumber && kind is ValueKind.And or ValueKind.Or or ValueKind.Xor)
        {
            (a, b) = (b, a);
        }

        if (b.IsNumber && kind == ValueKind.And && BitOperations.IsPow2(b.Number + 1))
        {
            return b.Number == 0 ? b : Low(a, Value.BitsOf(b.Number));
        }

        return b is { IsNumber: true, Number: 0 } ? a : Make(kind, 0, 0, a, b, kind switch
        {
            ValueKind.And => Math.Min(a.Bits, b.Bits),
            ValueKind.Or or ValueKind.Xor => Math.Max(a.Bits, b.Bits),
            ValueKind.ShiftRight => a.Bits,
            _ => 64,
        });
    }

    /// <summary>The low bits, zeros above.</summary>
    public Value Low(Value value, int bits) => value switch
    {
        _ when value.Bits <= bits => value,
        { Kind: ValueKind.Number } => Number(value.Number & Bits.Mask(bits)),
        { Kind: ValueKind.Low } => Low(value.Left!, bits),
        { Kind: ValueKind.SignExtended } when value.Part >= bits => Low(value.Left!, bits),
        { Kind: ValueKind.Insert } when value.Part >= bits => Low(value.Right!, bits),
        _ => Make(ValueKind.Low, 0, bits, value, null, bits),
    };

    /// <summary>The low bits, their sign copied into the rest.</summary>
    public Value SignExtend(Value value, int from)
    {
        value = Low(value, from);
        return value.IsNumber ? Number(Bits.SignExtend(value.Number, from)) : value.Bits < from || from >= 64 ? value
            : Make(ValueKind.SignExtended, 0, from, value, null, 64);
    }

    /// <summary>A register of which the low bits were overwritten.</summary>
    public Value Insert(Value old, Value low, int bits)
    {
        low = Low(low, bits);
        Value rest = old.Kind == ValueKind.Insert && old.Part <= bits ? old.Left! : old;
        return rest.IsNumber && low.IsNumber ? Number(rest.Number & ~Bits.Mask(bits) | low.Number)
            : rest.Bits <= bits || (rest.IsNumber && (rest.Number & ~Bits.Mask(bits)) == 0) ? low
            : Make(ValueKind.Insert, 0, bits, rest, low, 64);
    }

    /// <summary>1 when a value is in a range, else 0.</summary>
    public Value InRange(Value value, ValueRange range) =>
        value.Bits == 1 && range is { First: 1, Last: 1 } ? value
        : range.Hole is not null ? Unknown
        : Make(ValueKind.InRange, range.First, range.Width, value, Number(range.Last), 1);

    /// <summary>1 when a is less than b, else 0.</summary>
    public Value IsLess(Value a, Value b, bool signed, int bits) => Make(ValueKind.IsLess, signed ? 1UL : 0, bits, a, b, 1);

    /// <summary>The value with all times of memory reads left open: enough to tell one lock from another.</summary>
    public Value Timeless(Value value) =>
        value.ReadsMemory
            ? value.Timeless ??= Replace(value, part => part is { Kind: ValueKind.Memory, Right: not null }
            ? Memory(Timeless(part.Left!), part.Part, null) : null) : value;

    /// <summary>A value with parts of it replaced. Not deeper than a value can be.</summary>
    /// <param name="value">The value.</param>
    /// <param name="with">What to put in place of a part; null to look into it.</param>
    public Value Replace(Value value, Func<Value, Value?> with)
    {
        if (with(value) is { } other)
        {
            return other;
        }

        if (value.Left is null)
        {
            return value;
        }

        Value a = Replace(value.Left, with);
        Value? b = value.Right is null ? null : Replace(value.Right, with);
        return (ReferenceEquals(a, value.Left) && ReferenceEquals(b, value.Right)) ? value : value.Kind switch
        {
            ValueKind.Memory => Memory(a, value.Part, b),
            ValueKind.Offset => Add(a, value.Number),
            ValueKind.Sum => Sum(a, b!),
            ValueKind.Difference => Subtract(a, b!),
            ValueKind.Low => Low(a, value.Part),
            ValueKind.SignExtended => SignExtend(a, value.Part),
            ValueKind.Insert => Insert(a, b!, value.Part),
            ValueKind.InRange or ValueKind.IsLess => Make(value.Kind, value.Number, value.Part, a, b, 1),
            _ => Bitwise(value.Kind, a, b!),
        };
    }

    private static ulong Compute(ValueKind kind, ulong a, ulong b) => kind switch
    {
        ValueKind.And => a & b,
        ValueKind.Or => a | b,
        ValueKind.Xor => a ^ b,
        ValueKind.ShiftLeft => a << (int)(b & 63),
        _ => a >> (int)(b & 63),
    };

    private Value Make(ValueKind kind, ulong number, int part, Value? left, Value? right, int bits)
    {
        int depth = 1 + Math.Max(left?.Depth ?? 0, right?.Depth ?? 0);
        if (left?.IsUnknown == true || right?.IsUnknown == true || depth > Deepest)
        {
            return Unknown;
        }

        var key = (kind, number, part, left?.Id ?? -1, right?.Id ?? -1);
        if (all.TryGetValue(key, out Value? known))
        {
            return known;
        }

        Value[] symbols = Union(left?.Symbols ?? [], right?.Symbols ?? []);
        if (symbols.Length > MostSymbols)
        {
            return Unknown;
        }

        var value = new Value
        {
            Kind = kind,
            Number = number,
            Part = part,
            Left = left,
            Right = right,
            Id = all.Count,
            Depth = depth,
            Bits = bits,
            Symbols = symbols,
            ReadsMemory = kind == ValueKind.Memory || left?.ReadsMemory == true || right?.ReadsMemory == true,
        };
        value.SymbolBits = (left?.SymbolBits ?? 0) | (right?.SymbolBits ?? 0);
        if (kind is ValueKind.Fresh or ValueKind.Merged)
        {
            value.Symbols = [value];
            value.SymbolBits = 1UL << value.Id % 64;
        }

        all.Add(key, value);
        return value;
    }

    private static Value[] Union(Value[] a, Value[] b) => b.Length == 0 || ReferenceEquals(a, b) ? a : a.Length == 0 ? b : [.. a.Union(b)];
}
