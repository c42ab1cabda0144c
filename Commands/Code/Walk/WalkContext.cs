using LockLeak.Code.Flow;
using LockLeak.Code.Images;
using LockLeak.Code.Values;

namespace LockLeak.Code.Walk;

/// <summary>What all parts of a walk through one driver share for one question.</summary>
internal sealed class WalkContext
{
    private readonly Dictionary<ulong, FlowGraph> graphs = [];
    private readonly KernelRoutines routines;

    public WalkContext(DriverImage image, KernelRoutines routines, CodeBudget budget)
    {
        (Image, Budget, this.routines) = (image, budget, routines);
        Operands = new Operands(image, Values);
        Instructions = new InstructionEffects(Operands, Values);
        Targets = new CallTargets(image, routines, Operands, GraphOf);
    }

    /// <summary>The driver.</summary>
    public DriverImage Image { get; }

    /// <summary>What the question may cost.</summary>
    public CodeBudget Budget { get; }

    /// <summary>Makes values.</summary>
    public ValueFactory Values { get; } = new();

    /// <summary>Reads and writes operands.</summary>
    public Operands Operands { get; }

    /// <summary>Applies instructions.</summary>
    public InstructionEffects Instructions { get; }

    /// <summary>Finds what calls lead to.</summary>
    public CallTargets Targets { get; }

    /// <summary>Which waits are for mutexes.</summary>
    public MutexShapes Mutexes { get; } = new();

    /// <summary>The code of a function, decoded once.</summary>
    public FlowGraph GraphOf(ulong start)
    {
        if (!graphs.TryGetValue(start, out FlowGraph? graph))
        {
            graph = FlowGraphBuilder.Build(Image, routines, Budget, start);
            graphs.Add(start, graph);
        }

        return graph;
    }
}
