namespace LockLeak.Code.Values;

/// <summary>What was written to memory or read from it.</summary>
internal readonly record struct Cell(Value Value, int Bits);

/// <summary>The memory cells that are known at a point of the program, and since when.</summary>
internal sealed class KnownMemory
{
    // A local variable is hardly ever larger: what lies further from an address that was given away stays private.
    private const int LocalSize = 0x40;

    private readonly ValueFactory values;
    private readonly Dictionary<Value, Cell> cells;
    private readonly HashSet<long> givenAway;

    /// <summary>The memory at a function's first instruction: nothing was read or written.</summary>
    public KnownMemory(ValueFactory values)
    {
        this.values = values;
        (cells, givenAway, Time) = ([], [], values.Entry);
    }

    private KnownMemory(KnownMemory other)
    {
        values = other.values;
        (cells, givenAway, Time) = (new(other.cells), new(other.givenAway), other.Time);
    }

    /// <summary>Since when memory that others can reach is as it is: the last call.</summary>
    public Value Time { get; set; }

    /// <summary>The cells.</summary>
    public IReadOnlyDictionary<Value, Cell> Cells => cells;

    /// <summary>A copy that changes by itself.</summary>
    public KnownMemory Clone() => new(this);

    /// <summary>Reads.</summary>
    public Value Read(Value address, int bits)
    {
        Value value = Peek(address, bits);
        if (!address.IsUnknown && !(cells.TryGetValue(address, out Cell cell) && cell.Bits >= bits))
        {
            cells[address] = new Cell(value, bits);
        }

        return value;
    }

    /// <summary>What is there, without taking note that it was read.</summary>
    public Value Peek(Value address, int bits) =>
        cells.TryGetValue(address, out Cell cell) && cell.Bits >= bits ? values.Low(cell.Value, bits) : Unread(address, bits);

    /// <summary>What is there when nothing is known of it. What no other code can reach is as it was at the function's begin.</summary>
    public Value Unread(Value address, int bits) => values.Memory(address, bits, IsReachable(address) ? Time : values.Entry);

    /// <summary>Writes. Other expressions for an address are taken for other places.</summary>
    public void Write(Value address, Value value, int bits)
    {
        GiveAway(value);
        if (address.IsUnknown)
        {
            return;
        }

        var (start, distance) = address.Split();
        List<Value>? covered = null;
        foreach ((Value key, Cell cell) in cells)
        {
            var (otherStart, otherDistance) = key.Split();
            if (ReferenceEquals(otherStart, start) && !ReferenceEquals(key, address) &&
                (long)(otherDistance - distance) < bits / 8 && (long)(distance - otherDistance) < cell.Bits / 8)
            {
                (covered ??= []).Add(key);
            }
        }

        // What the write covers in part has a new content, and must not be read under its old name.
        covered?.ForEach(key => cells[key] = cells[key] with { Value = values.Unknown });
        cells[address] = new Cell(value, bits);
    }

    /// <summary>The address of a local variable is known to others from now on.</summary>
    public void GiveAway(Value address)
    {
        if (values.StackOffset(address) is { } offset)
        {
            givenAway.Add(offset);
        }
    }

    /// <summary>Others may know what either of two knows.</summary>
    /// <returns>True when that is more than before.</returns>
    public bool GiveAwayAlso(KnownMemory other)
    {
        int before = givenAway.Count;
        givenAway.UnionWith(other.givenAway);
        return givenAway.Count != before;
    }

    /// <summary>Memory that others can reach may change: nothing is known of it any more, only likely.</summary>
    public void Soften(Facts facts)
    {
        List<Value>? gone = null;
        foreach ((Value key, Cell cell) in cells)
        {
            if (IsReachable(key))
            {
                (gone ??= []).Add(key);
                if (facts.Of(cell.Value) is { IsAll: false } range)
                {
                    facts.AddSoft(values.Memory(key, cell.Bits, null), range.Widen(cell.Bits));
                }
            }
        }

        gone?.ForEach(key => cells.Remove(key));
        facts.Soften(Time);
    }

    /// <summary>The cells of either that are not the same in both.</summary>
    public List<Value> DifferencesTo(KnownMemory other)
    {
        List<Value> found = [];
        foreach ((Value address, Cell cell) in cells)
        {
            if (cell.Value.IsUnknown || !other.cells.TryGetValue(address, out Cell theirs) || theirs != cell)
            {
                found.Add(address);
            }
        }

        foreach (Value address in other.cells.Keys)
        {
            if (!cells.ContainsKey(address))
            {
                found.Add(address);
            }
        }

        return found;
    }

    /// <summary>Sets a cell, where two states are merged.</summary>
    public void Set(Value address, Cell cell) => cells[address] = cell;

    /// <summary>Takes a cell away, where two states are merged.</summary>
    public bool Remove(Value address) => cells.Remove(address);

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

    /// <summary>A fresh or merged value gets a new meaning.</summary>
    public void Forget(Value symbol)
    {
        List<Value>? changed = null;
        foreach ((Value key, Cell cell) in cells)
        {
            if (key.Mentions(symbol) || cell.Value.Mentions(symbol))
            {
                (changed ??= []).Add(key);
            }
        }

        changed?.ForEach(key =>
        {
            if (key.Mentions(symbol))
            {
                cells.Remove(key);
            }
            else
            {
                cells[key] = cells[key] with { Value = values.Unknown };
            }
        });
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
}
