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

/// <summary>What was written to memory or read from it.</summary>
internal readonly record struct Cell(Value Value, int Bits);

/// <summary>Registers, memory cells, facts and the addresses of locks held, at one point of the program on one set of ways to it.</summary>
internal sealed class MachineState
{
    // A local variable is hardly ever larger: what lies further from an address that was given away stays private.
    private const int LocalSize = 0x40;

    private readonly ValueFactory values;
    private readonly Value[] registers = new Value[16];
    private readonly Dictionary<Value, Cell> cells;
    private readonly HashSet<long> givenAway;

    /// <summary>The state at a function's first instruction.</summary>
    public MachineState(ValueFactory values)
    {
        this.values = values;
        (cells, givenAway, Facts, Locks) = ([], [], new Facts(values), []);
        for (int i = 0; i < registers.Length; i++)
        {
            registers[i] = values.Input(i);
        }

        Time = values.Entry;
    }

    private MachineState(MachineState other)
    {
        values = other.values;
        other.registers.CopyTo(registers, 0);
        (cells, givenAway, Facts, Locks) = (new(other.cells), new(other.givenAway), other.Facts.Clone(), new(other.Locks));
        (Time, Flags) = (other.Time, other.Flags);
    }

    /// <summary>What is known of values.</summary>
    public Facts Facts { get; }

    /// <summary>Where the locks held lie, by site number.</summary>
    public Dictionary<int, Value> Locks { get; }

    /// <summary>Since when memory that others can reach is as it is: the last call.</summary>
    public Value Time { get; private set; }

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

    /// <summary>Reads memory.</summary>
    public Value Read(Value address, int bits)
    {
        Value value = Peek(address, bits);
        if (!address.IsUnknown && !(cells.TryGetValue(address, out Cell cell) && cell.Bits >= bits))
        {
            cells[address] = new Cell(value, bits);
        }

        return value;
    }

    /// <summary>What memory holds, without taking note that it was read.</summary>
    public Value Peek(Value address, int bits) => cells.TryGetValue(address, out Cell cell) && cell.Bits >= bits ? values.Low(cell.Value, bits) : Unread(address, bits);

    /// <summary>Writes memory. Other expressions for an address are taken for other places.</summary>
    public void Write(Value address, Value value, int bits)
    {
        if (values.StackOffset(value) is { } local)
        {
            givenAway.Add(local);
        }

        if (address.IsUnknown)
        {
            return;
        }

        var (start, distance) = address.Split();
        List<Value>? gone = null;
        foreach ((Value key, Cell cell) in cells)
        {
            var (otherStart, otherDistance) = key.Split();
            if (ReferenceEquals(otherStart, start) && !ReferenceEquals(key, address) && (long)(otherDistance - distance) < bits / 8 && (long)(distance - otherDistance) < cell.Bits / 8)
            {
                (gone ??= []).Add(key);
            }
        }

        // What the write covers in part has a new content, and must not be read under its old name.
        gone?.ForEach(key => cells[key] = cells[key] with { Value = values.Unknown });
        cells[address] = new Cell(value, bits);
    }

    /// <summary>A call: memory that others can reach may differ from now on.</summary>
    /// <param name="now">The call's time.</param>
    public void PassTime(Value now)
    {
        foreach ((Value key, Cell cell) in cells.Where(cell => IsReachable(cell.Key)).ToArray())
        {
            cells.Remove(key);
            if (Facts.Of(cell.Value) is { IsAll: false } range)
            {
                Facts.AddSoft(values.Memory(key, cell.Bits, null), range.Widen(cell.Bits));
            }
        }

        Facts.Soften(Time);
        Forget(now);
        Time = now;
    }

    /// <summary>The address of a local variable is known to others from now on.</summary>
    public void GiveAway(Value address)
    {
        if (values.StackOffset(address) is { } offset)
        {
            givenAway.Add(offset);
        }
    }

    /// <summary>A fresh or merged value is about to be made anew: whatever is described by it is no longer known.</summary>
    public void Forget(Value symbol)
    {
        for (int i = 0; i < registers.Length; i++)
        {
            registers[i] = Without(registers[i]);
        }

        foreach ((Value key, Cell cell) in cells.Where(cell => cell.Key.Mentions(symbol) || cell.Value.Value.Mentions(symbol)).ToArray())
        {
            if (key.Mentions(symbol))
            {
                cells.Remove(key);
            }
            else
            {
                cells[key] = cell with { Value = values.Unknown };
            }
        }

        foreach ((int site, Value address) in Locks.ToArray())
        {
            Locks[site] = Without(address);
        }

        if (Flags.Kind != FlagsKind.Unknown && (Flags.First.Mentions(symbol) || Flags.Second.Mentions(symbol)))
        {
            Flags = default;
        }

        Facts.Forget(symbol);

        Value Without(Value value) => value.Mentions(symbol) ? values.Unknown : value;
    }

    /// <summary>What lay below an address of the stack is gone: the function that had it there has returned.</summary>
    public void DropStackBelow(Value address)
    {
        if (values.StackOffset(address) is { } bottom)
        {
            foreach (Value key in cells.Keys.Where(key => values.StackOffset(key) < bottom).ToArray())
            {
                cells.Remove(key);
            }
        }
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

        // The memory's time before its cells: these may be named by it.
        const int TimePlace = 16, FirstCell = 17;
        if (!ReferenceEquals(Time, other.Time))
        {
            other.Facts.Soften(other.Time);
            if (!ReferenceEquals(Time, values.Merged(block, TimePlace)))
            {
                Facts.Soften(Time);
            }
        }

        foreach (Value key in cells.Keys.Concat(other.cells.Keys).Distinct().ToArray())
        {
            Cell? mine = cells.TryGetValue(key, out Cell a) ? a : null, theirs = other.cells.TryGetValue(key, out Cell b) ? b : null;
            int bits = Math.Min(mine?.Bits ?? 64, theirs?.Bits ?? 64);
            Value left = mine is { } m ? values.Low(m.Value, bits) : Unread(key, bits), right = theirs is { } t ? values.Low(t.Value, bits) : other.Unread(key, bits);
            if (key.Symbols.Length > 0 && (mine is null || theirs is null))
            {
                // One side does not know the place at all.
                changed |= cells.Remove(key);
                continue;
            }

            bool differs = false;
            Value merged = MergePlace(left, right, bits, other, block, FirstCell + key.Id, ref differs);
            if (differs || mine is null || mine.Value.Bits != bits)
            {
                cells[key] = new Cell(merged, bits);
                changed |= differs || mine is { } before && before.Bits != bits;
            }
        }

        Time = MergePlace(Time, other.Time, 64, other, block, TimePlace, ref changed);
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

        int known = givenAway.Count;
        givenAway.UnionWith(other.givenAway);
        return Facts.Join(other.Facts) | changed | known != givenAway.Count;
    }

    private Value MergePlace(Value mine, Value theirs, int bits, MachineState other, ulong block, int place, ref bool changed)
    {
        if (mine.IsSame(theirs))
        {
            return mine;
        }

        Value symbol = values.Merged(block, place), name = values.Low(symbol, bits);
        Span<int> widths = [8, 32, 64];
        Span<ValueRange> left = stackalloc ValueRange[widths.Length], right = stackalloc ValueRange[widths.Length];
        for (int i = 0; i < widths.Length; i++)
        {
            left[i] = Known(this, mine, widths[i]);
            right[i] = Known(other, theirs, widths[i]);
        }

        bool isNew = !ReferenceEquals(mine, name);
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

    private bool IsReachable(Value address)
    {
        if (values.StackOffset(address) is not { } offset)
        {
            return true;
        }

        foreach (long start in givenAway)
        {
            if (offset >= start && offset < start + LocalSize)
            {
                return true;
            }
        }

        return false;
    }

    // What no other code can reach is as it was at the function's begin.
    private Value Unread(Value address, int bits) => values.Memory(address, bits, IsReachable(address) ? Time : values.Entry);
}
