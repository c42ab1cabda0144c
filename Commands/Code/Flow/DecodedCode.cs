using Iced.Intel;

namespace LockLeak.Code.Flow;

/// <summary>The instructions of one function, decoded so far.</summary>
internal sealed class DecodedCode
{
    private const int FurthestBack = 64;

    private readonly Dictionary<ulong, DecodedInstruction> instructions = [];
    private readonly Dictionary<ulong, DecodedInstruction> byEnd = [];

    /// <summary>How many.</summary>
    public int Count => instructions.Count;

    /// <summary>All, in no order.</summary>
    public IEnumerable<DecodedInstruction> All => instructions.Values;

    /// <summary>By address.</summary>
    public List<DecodedInstruction> InOrder()
    {
        List<DecodedInstruction> all = [.. instructions.Values];
        all.Sort((a, b) => a.Value.IP.CompareTo(b.Value.IP));
        return all;
    }

    /// <summary>True when the instruction at an address is there.</summary>
    public bool Contains(ulong address) => instructions.ContainsKey(address);

    /// <summary>Adds one.</summary>
    public void Add(in Instruction instruction)
    {
        var decoded = new DecodedInstruction(instruction);
        instructions[instruction.IP] = decoded;
        byEnd[instruction.NextIP] = decoded;
    }

    /// <summary>The instructions before an address as they lie in memory, the nearest first.</summary>
    public IEnumerable<DecodedInstruction> Before(ulong address)
    {
        for (int i = 0; i < FurthestBack && byEnd.TryGetValue(address, out DecodedInstruction? before); i++)
        {
            yield return before;
            address = before.Value.IP;
        }
    }
}
