namespace LockLeak.Code.Flow;

/// <summary>The blocks of one function, found along its control flow.</summary>
/// <param name="start">The function's first instruction.</param>
internal sealed class FlowGraph(ulong start)
{
    private readonly Dictionary<ulong, int> ranks = [];

    /// <summary>The function's first instruction.</summary>
    public ulong Start { get; } = start;

    /// <summary>The blocks by their first instruction.</summary>
    public Dictionary<ulong, CodeBlock> Blocks { get; } = [];

    /// <summary>The blocks that can be reached, a block before those that follow it, loops aside.</summary>
    public List<CodeBlock> Order { get; } = [];

    /// <summary>Instructions in all blocks.</summary>
    public int Instructions { get; private set; }

    /// <summary>Where and why the code could not be followed; null when all of it was.</summary>
    public (ulong At, string Why)? Lost { get; set; }

    /// <summary>A block's place in the order.</summary>
    public int Rank(ulong block) => ranks.GetValueOrDefault(block);

    /// <summary>Puts the blocks in order, once all are there.</summary>
    public void Sort()
    {
        HashSet<ulong> seen = [];
        Stack<(CodeBlock Block, IEnumerator<ulong> Following)> way = [];
        Enter(Start);
        while (way.TryPeek(out var top))
        {
            if (top.Following.MoveNext())
            {
                Enter(top.Following.Current);
            }
            else
            {
                Order.Add(way.Pop().Block);
            }
        }

        Order.Reverse();
        for (int i = 0; i < Order.Count; i++)
        {
            ranks[Order[i].Start] = i;
            Instructions += Order[i].Instructions.Count;
        }

        void Enter(ulong at)
        {
            if (seen.Add(at) && Blocks.TryGetValue(at, out CodeBlock? block))
            {
                way.Push((block, block.Successors.GetEnumerator()));
            }
        }
    }
}
