namespace LockLeak.Code.Values;

/// <summary>What the last comparison left in the flags.</summary>
internal enum FlagsKind : byte
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>Two values were compared.</summary>
    Comparison,

    /// <summary>A result: zero or not, negative or not.</summary>
    Result,

    /// <summary>A bit that was tested, in the carry flag.</summary>
    Bit,
}

/// <summary>The flags.</summary>
internal readonly record struct Flags(FlagsKind Kind, Value First, Value Second, int Bits);

/// <summary>Registers, memory, facts and the addresses of locks held, at one point of the program on one set of ways to it.</summary>
internal sealed class MachineState
{
    private readonly ValueFactory values;
    private readonly Value[] registers = new Value[16];

    /// <summary>The state at a function's first instruction.</summary>
    public MachineState(ValueFactory values)
    {
        this.values = values;
        (Memory, Facts, Locks) = (new KnownMemory(values), new Facts(values), []);
        for (int i = 0; i < registers.Length; i++)
        {
            registers[i] = values.Input(i);
        }
    }

    private MachineState(MachineState other)
    {
        values = other.values;
        other.registers.CopyTo(registers, 0);
        (Memory, Facts, Locks, Flags) = (other.Memory.Clone(), other.Facts.Clone(), new(other.Locks), other.Flags);
    }

    /// <summary>What memory holds.</summary>
    public KnownMemory Memory { get; }

    /// <summary>What is known of values.</summary>
    public Facts Facts { get; }

    /// <summary>Where the locks held lie, by site number.</summary>
    public Dictionary<int, Value> Locks { get; }

    /// <summary>The flags.</summary>
    public Flags Flags { get; set; }

    /// <summary>The stack pointer.</summary>
    public Value Stack => registers[(int)Register.Rsp];

    /// <summary>A register as it was left; unknown when it has no name.</summary>
    public Value this[Register register]
    {
        get => registers[(int)register];
        set => registers[(int)register] = value;
    }

    /// <summary>A copy that changes by itself.</summary>
    public MachineState Clone() => new(this);

    /// <summary>A call: memory that others can reach may differ from now on.</summary>
    /// <param name="now">The call's time.</param>
    public void PassTime(Value now)
    {
        Memory.Soften(Facts);
        Forget(now);
        Memory.Time = now;
    }

    /// <summary>A fresh or merged value is about to be made anew: whatever is described by it is no longer known.</summary>
    public void Forget(Value symbol)
    {
        for (int i = 0; i < registers.Length; i++)
        {
            registers[i] = registers[i].Mentions(symbol) ? values.Unknown : registers[i];
        }

        Memory.Forget(symbol);
        foreach ((int site, Value address) in Locks)
        {
            if (address.Mentions(symbol))
            {
                Locks[site] = values.Unknown;
            }
        }

        if (Flags.Kind != FlagsKind.Unknown && (Flags.First.Mentions(symbol) || Flags.Second.Mentions(symbol)))
        {
            Flags = default;
        }

        Facts.Forget(symbol);
    }

    /// <summary>Merges what arrives at a block on another way, and uses it up. What differs gets a name of that block.</summary>
    /// <returns>True when this state changed.</returns>
    public bool Merge(MachineState other, ulong block)
    {
        bool changed = false;
        for (int i = 0; i < registers.Length; i++)
        {
            registers[i] = MergePlace(registers[i], other.registers[i], 64, other, block, i, ref changed);
        }

        changed |= MergeMemory(other, block);
        foreach (int site in Locks.Keys.Concat(other.Locks.Keys).Distinct().ToArray())
        {
            Value mine = Locks.GetValueOrDefault(site, values.Unknown);
            if (!ReferenceEquals(mine, other.Locks.GetValueOrDefault(site, values.Unknown)))
            {
                changed |= !mine.IsUnknown;
                Locks[site] = values.Unknown;
            }
        }

        if (Flags.Kind != FlagsKind.Unknown && Flags != other.Flags)
        {
            Flags = default;
            changed = true;
        }

        return Facts.Join(other.Facts) | changed;
    }

    private bool MergeMemory(MachineState other, ulong block)
    {
        const int timePlace = 16, firstCell = 17;
        bool changed = Memory.GiveAwayAlso(other.Memory);
        if (!ReferenceEquals(Memory.Time, other.Memory.Time))
        {
            other.Facts.Soften(other.Memory.Time);
            if (!ReferenceEquals(Memory.Time, values.Merged(block, timePlace)))
            {
                Facts.Soften(Memory.Time);
            }
        }

        foreach (Value address in Memory.DifferencesTo(other.Memory))
        {
            Cell? mine = Memory.Cells.TryGetValue(address, out Cell a) ? a : null;
            Cell? theirs = other.Memory.Cells.TryGetValue(address, out Cell b) ? b : null;
            if (address.Symbols.Length > 0 && (mine is null || theirs is null))
            {
                // One side does not know the place at all.
                changed |= Memory.Remove(address);
                continue;
            }

            int bits = Math.Min(mine?.Bits ?? 64, theirs?.Bits ?? 64);
            bool differs = mine is { } known && known.Bits != bits;
            Value left = values.Low(mine?.Value ?? Memory.Unread(address, bits), bits),
                right = values.Low(theirs?.Value ?? other.Memory.Unread(address, bits), bits);
            Value merged = MergePlace(left, right, bits, other, block, firstCell + address.Id, ref differs);
            if (differs || mine is null)
            {
                Memory.Set(address, new Cell(merged, bits));
                changed |= differs;
            }
        }

        // Last: cells that were not read are named by it.
        Memory.Time = MergePlace(Memory.Time, other.Memory.Time, 64, other, block, timePlace, ref changed);
        return changed;
    }

    private Value MergePlace(Value mine, Value theirs, int bits, MachineState other, ulong block, int place, ref bool changed)
    {
        if (mine.IsSame(theirs))
        {
            return mine;
        }

        Value symbol = values.Merged(block, place), name = values.Low(symbol, bits);
        bool isNew = !ReferenceEquals(mine, name);
        Span<int> widths = [8, 32, 64];
        Span<ValueRange> left = stackalloc ValueRange[widths.Length], right = stackalloc ValueRange[widths.Length];
        for (int i = 0; i < widths.Length && widths[i] <= bits; i++)
        {
            left[i] = isNew ? Known(this, mine, widths[i]) : default;
            right[i] = Known(other, theirs, widths[i]);
        }

        if (isNew)
        {
            Forget(symbol);
            changed = true;
        }

        // What the other side still calls by this name is older.
        other.Forget(symbol);
        for (int i = 0; i < widths.Length && widths[i] <= bits; i++)
        {
            if (isNew)
            {
                Facts.Add(values.Low(name, widths[i]), left[i]);
            }

            other.Facts.Add(values.Low(name, widths[i]), right[i]);
        }

        return name;

        ValueRange Known(MachineState state, Value value, int width) =>
            value.IsUnknown ? ValueRange.All(width) : state.Facts.Of(values.Low(value, width)).Widen(width);
    }
}
