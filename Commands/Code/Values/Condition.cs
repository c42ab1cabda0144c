using Iced.Intel;

namespace LockLeak.Code.Values;

/// <summary>What a branch looks at: whether a value lies in a range.</summary>
/// <param name="Subject">The value.</param>
/// <param name="Range">The numbers for which the condition holds, as wide as the value.</param>
internal readonly record struct Condition(Value Subject, ValueRange Range)
{
    /// <summary>The opposite.</summary>
    public Condition Negated => this with { Range = Range.Complement!.Value };

    /// <summary>1 when it holds, else 0.</summary>
    public Value Truth(ValueFactory values) => values.InRange(Subject, Range);

    /// <summary>A value is 0 in its low bits.</summary>
    public static Condition IsZero(ValueFactory values, Value value, int bits) =>
        Of(values, values.Low(value, bits), ValueRange.Just(0, bits));

    /// <summary>A value is in a range.</summary>
    public static Condition Of(ValueFactory values, Value subject, ValueRange? range) =>
        range?.Narrow(Math.Max(1, subject.Bits)) is not { } fits ? new Condition(values.Number(0), ValueRange.Just(1, 1))
        : fits.IsAll ? new Condition(values.Number(0), ValueRange.Just(0, 1))
        : new Condition(subject, fits);

    /// <summary>A comparison of a value with a number.</summary>
    /// <param name="values">Makes the values.</param>
    /// <param name="code">Equal, below, less and so on.</param>
    /// <param name="value">The value.</param>
    /// <param name="number">The number.</param>
    /// <param name="bits">The comparison's width.</param>
    /// <returns>Null for a condition that is no comparison.</returns>
    public static Condition? Compare(ValueFactory values, ConditionCode code, Value value, ulong number, int bits)
    {
        ulong mask = Bits.Mask(bits), half = (mask >> 1) + 1;
        number &= mask;
        (bool isComparison, ValueRange? range, bool negated) = code switch
        {
            ConditionCode.e => (true, ValueRange.Just(number, bits), false),
            ConditionCode.ne => (true, ValueRange.Just(number, bits), true),
            ConditionCode.b => (true, Between(0, number), false),
            ConditionCode.ae => (true, Between(0, number), true),
            ConditionCode.a => (true, Between(number + 1, 0), false),
            ConditionCode.be => (true, Between(number + 1, 0), true),
            ConditionCode.l => (true, Between(half, number), false),
            ConditionCode.ge => (true, Between(half, number), true),
            ConditionCode.g => (true, Between(number + 1, half), false),
            ConditionCode.le => (true, Between(number + 1, half), true),
            _ => (false, (ValueRange?)null, false),
        };
        Condition found = Of(values, values.Low(value, bits), range);
        return !isComparison ? null : negated ? found.Negated : found;

        // From the first number up to, and not with, the end; null when there is none.
        ValueRange? Between(ulong first, ulong end) => ((first ^ end) & mask) == 0 ? null
            : new ValueRange(first & mask, end - 1 & mask, bits);
    }
}
