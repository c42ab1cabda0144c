using System.Numerics;

namespace LockLeak.Code.Values;

/// <summary>The forms of a <see cref="Value"/>.</summary>
internal enum ValueKind : byte
{
    /// <summary>Nothing is known of it; two unknown values are never the same.</summary>
    Unknown,

    /// <summary>A number.</summary>
    Number,

    /// <summary>What a register held when the function began.</summary>
    Input,

    /// <summary>What an instruction made, in a way that is not followed.</summary>
    Fresh,

    /// <summary>What a register or a memory cell holds at a block that is reached in several ways.</summary>
    Merged,

    /// <summary>What memory holds at a time.</summary>
    Memory,

    /// <summary>A value and a number added.</summary>
    Offset,

    /// <summary>Two values added.</summary>
    Sum,

    /// <summary>Two values subtracted.</summary>
    Difference,

    /// <summary>Bitwise and.</summary>
    And,

    /// <summary>Bitwise or.</summary>
    Or,

    /// <summary>Bitwise exclusive or.</summary>
    Xor,

    /// <summary>Shifted left.</summary>
    ShiftLeft,

    /// <summary>Shifted right, zeros coming in.</summary>
    ShiftRight,

    /// <summary>The left value with its low bits replaced by the right one.</summary>
    Insert,

    /// <summary>The low bits.</summary>
    Low,

    /// <summary>The low bits, their sign copied into the rest.</summary>
    SignExtended,

    /// <summary>1 when the left value lies in a range, else 0.</summary>
    InRange,

    /// <summary>1 when the left value is less than the right one, else 0.</summary>
    IsLess,
}

/// <summary>
/// What a register or a memory cell holds, as an expression over the function's inputs. <see cref="ValueFactory"/>
/// makes each one once: equal values are the same object.
/// </summary>
internal sealed class Value
{
    /// <summary>The form.</summary>
    public required ValueKind Kind { get; init; }

    /// <summary>The number, the register, the place in the code, or what is added; of a range its first number.</summary>
    public ulong Number { get; init; }

    /// <summary>Width in bits; of a fresh or merged value: which one of its place.</summary>
    public int Part { get; init; }

    /// <summary>The first operand; the address of a memory read.</summary>
    public Value? Left { get; init; }

    /// <summary>The second operand; the time of a memory read, null when the time is left open.</summary>
    public Value? Right { get; init; }

    /// <summary>A number of its own, for order.</summary>
    public int Id { get; init; }

    /// <summary>Levels of operands below it.</summary>
    public int Depth { get; init; }

    /// <summary>Bits that can be set at all.</summary>
    public int Bits { get; init; } = 64;

    /// <summary>True when memory was read for it.</summary>
    public bool ReadsMemory { get; init; }

    /// <summary>The fresh and merged values in it: when one of these is made anew, this value is no longer what it was.</summary>
    public Value[] Symbols { get; set; } = [];

    /// <summary>A bit for each of them, several on one bit: where theirs is missing, a symbol does not occur.</summary>
    public ulong SymbolBits { get; set; }

    /// <summary>The same with all times left open; null until it is asked for.</summary>
    public Value? Timeless { get; set; }

    /// <summary>True once something was known of it, or of its low bits, in any state: most values are never looked at.</summary>
    public bool IsLookedAt { get; set; }

    /// <summary>The value that these are the low bits of, or the value itself.</summary>
    public Value Whole => Kind == ValueKind.Low ? Left! : this;

    /// <summary>True for a number.</summary>
    public bool IsNumber => Kind == ValueKind.Number;

    /// <summary>True when nothing is known of it.</summary>
    public bool IsUnknown => Kind == ValueKind.Unknown;

    /// <summary>True when a fresh or merged value occurs in it.</summary>
    public bool Mentions(Value symbol)
    {
        if ((SymbolBits & symbol.SymbolBits) == 0)
        {
            return false;
        }

        foreach (Value own in Symbols)
        {
            if (ReferenceEquals(own, symbol))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True for a value that is surely the same as another.</summary>
    public bool IsSame(Value other) => ReferenceEquals(this, other) && !IsUnknown;

    /// <summary>An address as what it is relative to, null for a plain number, and how far from there.</summary>
    public (Value? Start, ulong Distance) Split() => Kind switch
    {
        ValueKind.Number => (null, Number),
        ValueKind.Offset => (Left, Number),
        _ => (this, 0),
    };

    /// <summary>Bits that a number needs.</summary>
    public static int BitsOf(ulong number) => 64 - BitOperations.LeadingZeroCount(number);
}
