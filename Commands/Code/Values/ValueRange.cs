namespace LockLeak.Code.Values;

/// <summary>
/// A set of numbers of a width: all from First up to Last, going on at 0 after the greatest number, one of them left
/// out. So a signed comparison is a range like an unsigned one, and "not 5" is the range from 6 round to 4.
/// </summary>
/// <param name="First">The first number.</param>
/// <param name="Last">The last number.</param>
/// <param name="Width">The numbers' width in bits, 1 to 64.</param>
/// <param name="Hole">The number between them that is not in the set; null when all are.</param>
internal readonly record struct ValueRange(ulong First, ulong Last, int Width, ulong? Hole = null)
{
    private ulong Mask => Bits.Mask(Width);

    private ulong Span => Last - First & Mask;

    /// <summary>All numbers of a width.</summary>
    public static ValueRange All(int width) => new(0, Bits.Mask(width), width);

    /// <summary>One number.</summary>
    public static ValueRange Just(ulong number, int width) => new(number & Bits.Mask(width), number & Bits.Mask(width), width);

    /// <summary>All numbers but one.</summary>
    public static ValueRange Except(ulong number, int width) =>
        new ValueRange(number + 1 & Bits.Mask(width), number - 1 & Bits.Mask(width), width);

    /// <summary>True when every number is in the set.</summary>
    public bool IsAll => Span == Mask && Hole is null;

    /// <summary>The number, when there is only one.</summary>
    public ulong? Exactly => First == Last ? First : null;

    /// <summary>True when a number is in the set.</summary>
    public bool Contains(ulong number) => (number - First & Mask) <= Span && number != Hole;

    /// <summary>All other numbers; null when there are none. The hole is not looked at.</summary>
    public ValueRange? Complement => Span == Mask ? null : new ValueRange(Last + 1 & Mask, First - 1 & Mask, Width);

    /// <summary>The numbers in both sets, or some more where these are no single range; null when there is none.</summary>
    public ValueRange? Intersect(ValueRange other)
    {
        // Counted from First, this is 0 to Span; the other may go past the greatest number to 0 in between.
        ulong start = other.First - First & Mask;
        bool wraps = (UInt128)start + other.Span > Mask;
        bool upper = start <= Span;
        ulong end = start + other.Span & Mask;
        ValueRange? found = (wraps, upper) switch
        {
            (false, false) => null,
            (false, true) => Part(start, Math.Min(Span, end)),
            (true, false) => Part(0, Math.Min(Span, end)),
            (true, true) when end >= Span || end + 1 >= start => this,
            _ => Both(other),
        };
        return Punch(Punch(found, Hole), other.Hole);
    }

    /// <summary>Whether a value in this set is always (true) or never (false) in another.</summary>
    public bool? Decide(ValueRange other) =>
        Intersect(other) is null ? false
        : other.Complement is not { } rest || Intersect(rest) is null ? true
        : null;

    /// <summary>The numbers of the set that fit into fewer bits; null when none does.</summary>
    public ValueRange? Narrow(int width)
    {
        if (width >= Width)
        {
            return this;
        }

        ulong most = Bits.Mask(width);
        bool first = First <= most, last = Last <= most, wraps = First > Last;
        return (first, last, wraps) switch
        {
            (true, true, _) => new ValueRange(First, Last, width),
            (true, false, _) => new ValueRange(First, most, width),
            (false, true, _) => new ValueRange(0, Last, width),
            (false, false, true) => All(width),
            _ => null,
        };
    }

    /// <summary>The same numbers among those of more bits, or all where they go past the greatest number.</summary>
    public ValueRange Widen(int width) => width <= Width ? this : First <= Last ? this with { Width = width } : All(width);

    /// <summary>
    /// A set that holds both, and that changes only a few times however often others are joined to it: what is kept is
    /// the sign, and one number that is in neither.
    /// </summary>
    public ValueRange Join(ValueRange other)
    {
        ulong half = (Mask >> 1) + 1;
        ValueRange self = this;
        ValueRange[] candidates =
        [
            this, new(1, half - 1, Width), new(half, Mask, Width), new(0, half - 1, Width), new(1, Mask, Width), Except(Last + 1, Width),
                Except(First - 1, Width), Except(Hole ?? Last + 1, Width),
        ];
        foreach (ValueRange candidate in candidates)
        {
            if (self.IsIn(candidate) && other.IsIn(candidate))
            {
                return candidate;
            }
        }

        return All(Width);
    }

    private bool IsIn(ValueRange other) => (other.Hole is not { } hole || !Contains(hole)) &&
        (other.Complement is not { } rest || Intersect(rest) is null);

    private ValueRange Part(ulong from, ulong to) => new(First + from & Mask, First + to & Mask, Width);

    // Two pieces are no range: the smaller set stands for both, without the number that the larger one leaves out.
    private ValueRange Both(ValueRange other)
    {
        (ValueRange small, ValueRange large) = Span <= other.Span ? (this, other) : (other, this);
        return large.Span == Mask - 1 ? small with { Hole = small.Hole ?? (large.Last + 1 & Mask) } : small;
    }

    private static ValueRange? Punch(ValueRange? range, ulong? hole)
    {
        if (range is not { } r || hole is not { } h || (h - r.First & r.Mask) > r.Span)
        {
            return range;
        }

        return r.First == r.Last ? null
            : h == r.First ? r with { First = r.First + 1 & r.Mask }
            : h == r.Last ? r with { Last = r.Last - 1 & r.Mask }
            : r with { Hole = h };
    }
}
