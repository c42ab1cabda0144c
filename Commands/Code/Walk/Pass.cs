using LockLeak.Code.Flow;
using LockLeak.Code.Values;

namespace LockLeak.Code.Walk;

/// <summary>
/// What is left of a call: the property and the state with which it goes on behind it, or with which the thread ends in
/// it.
/// </summary>
internal readonly record struct CallResult(Property Property, MachineState State, bool EndsThread = false);

/// <summary>Takes note of an exit.</summary>
internal delegate void ExitNoted(Node from, ulong at, Property property, MachineState state, bool endsThread);

/// <summary>One function gone through: the one that is asked about, or a small one that it calls, with its caller's state.</summary>
internal sealed class Pass
{
    /// <summary>Where the results go.</summary>
    public required FunctionWalk Walk { get; init; }

    /// <summary>The function.</summary>
    public required FlowGraph Graph { get; init; }

    /// <summary>The state with which each place is reached.</summary>
    public required Dictionary<Node, MachineState> States { get; init; }

    /// <summary>Called at each exit.</summary>
    public required ExitNoted Leave { get; init; }

    /// <summary>The calls from the walked function to this one, outermost first; empty in the walked function itself.</summary>
    public IReadOnlyList<ulong> Calls { get; init; } = [];

    /// <summary>True in the walked function itself.</summary>
    public bool IsOuter => Calls.Count == 0;

    /// <summary>The call of the walked function that an instruction belongs to.</summary>
    public ulong Outermost(ulong at) => IsOuter ? at : Calls[0];

    /// <summary>The site of a call here, as the walked function sees it.</summary>
    public Site? SiteOf(ulong at, LockRoutine routine, Site? inner)
    {
        if (IsOuter)
        {
            return Walk.SiteOf(at, routine, inner);
        }

        Site nested = new(-1, at, routine, inner);
        for (int i = Calls.Count - 1; i > 0; i--)
        {
            nested = new Site(-1, Calls[i], routine, nested);
        }

        return Walk.SiteOf(Calls[0], routine, nested);
    }
}
