using Iced.Intel;

namespace LockLeak.Code.Flow;

/// <summary>The instructions of one function, decoded so far.</summary>
internal sealed class DecodedCode
{
    private const int FurthestBack = 64;

    private readonly SortedDictionary<ulong, Instruction> instructions = [];
    private readonly Dictionary<ulong, ulong> previous = [];

    /// <summary>How many.</summary>
    public int Count => instructions.Count;

    /// <summary>By address.</summary>
    public IEnumerable<Instruction> InOrder => instructions.Values;

    /// <summary>True when the instruction at an address is there.</summary>
    public bool Contains(ulong address) => instructions.ContainsKey(address);

    /// <summary>Adds one.</summary>
    public void Add(in Instruction instruction)
    {
        instructions[instruction.IP] = instruction;
        previous[instruction.NextIP] = instruction.IP;
    }

    /// <summary>The instructions before an address as they lie in memory, the nearest first.</summary>
    public IEnumerable<Instruction> Before(ulong address)
    {
        for (int i = 0; i < FurthestBack && previous.TryGetValue(address, out ulong before); i++)
        {
            yield return instructions[before];
            address = before;
        }
    }
}
