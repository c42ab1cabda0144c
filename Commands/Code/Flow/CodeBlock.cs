using Iced.Intel;

namespace LockLeak.Code.Flow;

/// <summary>How a block ends.</summary>
internal enum BlockEnd : byte
{
    /// <summary>It goes on in the next block.</summary>
    Falls,

    /// <summary>A condition: on to Target when it holds, else to Next.</summary>
    Branches,

    /// <summary>A jump to Target.</summary>
    Jumps,

    /// <summary>A jump through a table, to one of Cases.</summary>
    Switches,

    /// <summary>A call; then on to Next.</summary>
    Calls,

    /// <summary>A jump out of the function: a call and a return in one.</summary>
    TailCalls,

    /// <summary>A call that does not come back.</summary>
    CallsForever,

    /// <summary>A return.</summary>
    Returns,

    /// <summary>A break point or the like: nothing follows.</summary>
    Stops,

    /// <summary>It cannot be told where this goes.</summary>
    Lost,
}

/// <summary>Instructions that run one after the other. A call ends a block.</summary>
internal sealed class CodeBlock(ulong start)
{
    /// <summary>Address of its first instruction.</summary>
    public ulong Start { get; } = start;

    /// <summary>The instructions, at least one.</summary>
    public List<DecodedInstruction> Instructions { get; } = [];

    /// <summary>How it ends.</summary>
    public BlockEnd End { get; set; }

    /// <summary>The address behind its last instruction.</summary>
    public ulong Next { get; set; }

    /// <summary>Where its jump or call leads; 0 when only a value tells.</summary>
    public ulong Target { get; set; }

    /// <summary>Where its jump table leads.</summary>
    public IReadOnlyList<ulong> Cases { get; set; } = [];

    /// <summary>The exception handlers of the __try blocks that its call lies in.</summary>
    public IReadOnlyList<ulong> Handlers { get; set; } = [];

    /// <summary>The instruction that ends it.</summary>
    public ref readonly Instruction Last => ref Instructions[^1].Value;

    /// <summary>The blocks that may run after it.</summary>
    public IEnumerable<ulong> Successors => End switch
    {
        BlockEnd.Falls => [Next],
        BlockEnd.Branches => [Next, Target],
        BlockEnd.Jumps => [Target],
        BlockEnd.Switches => Cases,
        BlockEnd.Calls => [Next, .. Handlers],
        BlockEnd.CallsForever => Handlers,
        _ => [],
    };
}
