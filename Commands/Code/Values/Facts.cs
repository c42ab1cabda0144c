namespace LockLeak.Code.Values;

/// <summary>
/// What is known of values on the way to a point of the program. A firm fact holds. A soft one was true of memory
/// before a call, or rests on a choice that a called function made: likely still so, but nothing to build a claim on.
/// </summary>
internal sealed class Facts
{
    // A test of al says something of eax, and the other way round.
    private static readonly int[] Widths = [1, 8, 16, 32];

    private readonly ValueFactory values;
    private readonly Dictionary<Value, ValueRange> firm;
    private readonly Dictionary<Value, ValueRange> soft;

    /// <summary>Nothing is known.</summary>
    public Facts(ValueFactory values) => (this.values, firm, soft) = (values, [], []);

    private Facts(Facts other) => (values, firm, soft) = (other.values, new(other.firm), new(other.soft));

    /// <summary>A copy that changes by itself.</summary>
    public Facts Clone() => new(this);

    /// <summary>Whether a condition holds: for sure, or softly; null when both is possible.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="rests">True when the answer rests on something soft, also where that is only known to decide.</param>
    public bool? Decide(Condition condition, out bool rests)
    {
        rests = false;
        if (Unfold(condition) is { } inner)
        {
            return Decide(inner, out rests);
        }

        if (Of(condition.Subject).Decide(condition.Range) is { } sure)
        {
            return sure;
        }

        if (SoftOf(condition.Subject) is { } likely)
        {
            bool? answer = likely.Decide(condition.Range);
            rests = answer is not null || likely.IsAll;
            return answer;
        }

        return null;
    }

    /// <summary>A condition holds from here on.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="afresh">True to drop what was known of the value: it is another one than it was.</param>
    public void Assume(Condition condition, bool afresh = false)
    {
        if (Unfold(condition) is { } inner)
        {
            Assume(inner, afresh);
        }
        else if (!condition.Subject.IsNumber && !condition.Subject.IsUnknown)
        {
            ValueRange range = condition.Range;
            bool isKnown = firm.TryGetValue(condition.Subject, out ValueRange before) && !afresh;
            Set(condition.Subject, isKnown ? before.Intersect(range) ?? range : range);
        }
    }

    /// <summary>The numbers that a value can be, as far as that is sure.</summary>
    public ValueRange Of(Value value)
    {
        int width = Math.Max(1, value.Bits);
        if (value.IsNumber)
        {
            return ValueRange.Just(value.Number, width);
        }

        bool isLookedAt = value.Whole.IsLookedAt;
        ValueRange range = isLookedAt && firm.TryGetValue(value, out ValueRange known) ? known : ValueRange.All(width);
        if (range.Exactly is not null)
        {
            return range;
        }

        if (Compute(value) is { } number)
        {
            return ValueRange.Just(number, width);
        }

        return isLookedAt && range.Contains(0) && IsNotZeroInPart(value) ? range.Intersect(ValueRange.Except(0, width)) ?? range : range;
    }

    /// <summary>What is likely of a value; null when nothing is.</summary>
    public ValueRange? SoftOf(Value value) => soft.Count > 0 && soft.TryGetValue(values.Timeless(value), out ValueRange range) ? range
        : null;

    /// <summary>The value as a number where it can be only one.</summary>
    public Value Settled(Value value) => !value.IsNumber && Of(value).Exactly is { } number ? values.Number(number) : value;

    /// <summary>A pointer that was used is not 0: else the way had ended there.</summary>
    public void AssumeNotZero(Value pointer)
    {
        if (pointer is { IsNumber: false, IsUnknown: false, Bits: 64 } && !firm.ContainsKey(pointer))
        {
            Set(pointer, ValueRange.Except(0, 64));
        }
    }

    /// <summary>A value has a new meaning.</summary>
    public void Forget(Value symbol)
    {
        Remove(firm, symbol);
        Remove(soft, symbol);
    }

    /// <summary>Memory may change now: what is known of what it held at a time is only likely of what it holds.</summary>
    public void Soften(Value time)
    {
        foreach ((Value subject, ValueRange range) in firm)
        {
            if (subject.ReadsMemory && subject.Mentions(time))
            {
                soft[values.Timeless(subject)] = range;
            }
        }
    }

    /// <summary>Something is likely of memory.</summary>
    public void AddSoft(Value subject, ValueRange range)
    {
        if (!subject.IsUnknown)
        {
            soft[values.Timeless(subject)] = range;
        }
    }

    /// <summary>Something is known of a value.</summary>
    public void Add(Value subject, ValueRange range)
    {
        if (!subject.IsUnknown && !subject.IsNumber && !range.IsAll)
        {
            Set(subject, range);
        }
    }

    /// <summary>Keeps what both know.</summary>
    /// <returns>True when something changed.</returns>
    public bool Join(Facts other) => Join(firm, other.firm) | Join(soft, other.soft);

    private static bool Join(Dictionary<Value, ValueRange> mine, Dictionary<Value, ValueRange> theirs)
    {
        List<(Value Subject, ValueRange? Range)>? changes = null;
        foreach ((Value subject, ValueRange range) in mine)
        {
            ValueRange? joined = theirs.TryGetValue(subject, out ValueRange other) ? range == other ? range : range.Join(other) : null;
            if (joined != range)
            {
                (changes ??= []).Add((subject, joined is { IsAll: true } ? null : joined));
            }
        }

        foreach ((Value subject, ValueRange? range) in changes ?? [])
        {
            if (range is { } kept)
            {
                mine[subject] = kept;
            }
            else
            {
                mine.Remove(subject);
            }
        }

        return changes is not null;
    }

    private void Set(Value subject, ValueRange range)
    {
        firm[subject] = range;
        subject.Whole.IsLookedAt = true;
    }

    private static void Remove(Dictionary<Value, ValueRange> facts, Value symbol)
    {
        List<Value>? gone = null;
        foreach (Value subject in facts.Keys)
        {
            if (subject.Mentions(symbol))
            {
                (gone ??= []).Add(subject);
            }
        }

        gone?.ForEach(subject => facts.Remove(subject));
    }

    // "The truth of c is 1" is c, "... is 0" is not c.
    private static Condition? Unfold(Condition condition) =>
        condition.Subject is { Kind: ValueKind.InRange } truth && condition.Range.Exactly is { } wanted
            ? new Condition(truth.Left!, new ValueRange(truth.Number, truth.Right!.Number, truth.Part)) is var inner && wanted == 1 ? inner
                : inner.Negated
            : null;

    private bool IsNotZeroInPart(Value value)
    {
        foreach (int bits in Widths)
        {
            if (bits < value.Bits && firm.TryGetValue(values.Low(value.Whole, bits), out ValueRange part) && !part.Contains(0))
            {
                return true;
            }
        }

        return false;
    }

    // The number that the operands make, where these are known.
    private ulong? Compute(Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Low:
                foreach (int bits in Widths)
                {
                    if (value.Whole.IsLookedAt && bits > value.Bits &&
                        firm.TryGetValue(values.Low(value.Left!, bits), out ValueRange wider) &&
                        wider.Exactly is { } number)
                    {
                        return number & Bits.Mask(value.Bits);
                    }
                }

                return Of(value.Left!).Exactly is { } all ? all & Bits.Mask(value.Bits) : null;
            case ValueKind.Offset:
                return Of(value.Left!).Exactly is { } start ? start + value.Number : null;
            case ValueKind.And or ValueKind.Or or ValueKind.Xor or ValueKind.ShiftRight or ValueKind.Insert:
                return Of(value.Left!).Exactly is { } a && Of(value.Right!).Exactly is { } b
                    ? value.Kind == ValueKind.Insert ? a & ~Bits.Mask(value.Part) | b
                        : values.Bitwise(value.Kind, values.Number(a), values.Number(b)).Number
                    : null;
            case ValueKind.InRange:
                return Of(value.Left!).Decide(new ValueRange(value.Number, value.Right!.Number, value.Part)) is { } holds ? holds ? 1UL : 0
                    : null;
            default:
                return null;
        }
    }
}
