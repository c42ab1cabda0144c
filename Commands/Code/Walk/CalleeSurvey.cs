using Iced.Intel;
using LockLeak.Code.Flow;

namespace LockLeak.Code.Walk;

/// <summary>A first look at called functions, to go through those alone that matter.</summary>
internal sealed class CalleeSurvey(WalkContext context)
{
    private const int MostBlocksOfAnEnd = 64;

    private readonly Dictionary<(ulong Start, int Levels), bool> touching = [], callingOut = [];

    /// <summary>Whether a function, or one that it calls, names a routine that matters to locks.</summary>
    public bool TouchesLocks(ulong start, int levels)
    {
        if (!touching.TryGetValue((start, levels), out bool known))
        {
            // Not while it is looked at: recursion adds nothing.
            touching[(start, levels)] = false;
            known = context.GraphOf(start).Order.Exists(block => TouchesLocks(block, levels));
            touching[(start, levels)] = known;
        }

        return known;
    }

    /// <summary>Whether a function, or one that it calls, calls code that is not looked into.</summary>
    public bool CallsOut(ulong start, int levels)
    {
        if (levels < 0)
        {
            return true;
        }

        if (!callingOut.TryGetValue((start, levels), out bool known))
        {
            callingOut[(start, levels)] = false;
            FlowGraph graph = context.GraphOf(start);
            known = graph.Lost is not null || graph.Order.Exists(block => CallsOut(graph, block, levels));
            callingOut[(start, levels)] = known;
        }

        return known;
    }

    /// <summary>True for a function that surely never returns.</summary>
    public bool NeverComesBack(ulong start) =>
        context.GraphOf(start) is { Lost: null } graph && graph.Order.Count is > 0 and < MostBlocksOfAnEnd &&
            !graph.Order.Exists(block => block.End is BlockEnd.Returns or BlockEnd.TailCalls or BlockEnd.Lost);

    private bool TouchesLocks(CodeBlock block, int levels)
    {
        foreach (DecodedInstruction decoded in block.Instructions)
        {
            ref readonly Instruction instruction = ref decoded.Value;
            // Also where a register is loaded from the import table, for several calls to come.
            bool mayRead = instruction.Mnemonic == Mnemonic.Mov || instruction.FlowControl is FlowControl.IndirectCall
                or FlowControl.IndirectBranch;
            if (mayRead && instruction.IsIPRelativeMemoryOperand &&
                context.Image.TryReadConstant(instruction.IPRelativeMemoryAddress, out ulong target) &&
                !context.Image.Contains(target) && Matters(context.Targets.At(target)))
            {
                return true;
            }
        }

        return block.Target != 0 && block.End is BlockEnd.Calls or BlockEnd.CallsForever or BlockEnd.TailCalls &&
            context.Targets.At(block.Target) is var callee &&
            (callee.Owner == CalleeOwner.Driver ? levels > 0 && TouchesLocks(callee.Address, levels - 1) : Matters(callee));
    }

    private static bool Matters(Callee callee) =>
        callee.Routine is { } routine &&
            (routine.Kind != CodeLockKind.None || routine.Effect is RoutineEffect.NamesMutex or RoutineEffect.EndsThread);

    private bool CallsOut(FlowGraph graph, CodeBlock block, int levels)
    {
        if (block.End is not (BlockEnd.Calls or BlockEnd.TailCalls))
        {
            return false;
        }

        Callee callee = context.Targets.Fixed(block);
        return callee.Owner switch
        {
            CalleeOwner.Driver => CallsOut(callee.Address, levels - 1),
            CalleeOwner.Windows => callee.Routine?.Effect == RoutineEffect.JumpsToRax,
            _ => block.Last.Op0Kind != OpKind.Register || !HoldsImport(graph, block.Last.Op0Register.GetFullRegister()),
        };
    }

    // True for a register that holds routines of Windows throughout the function.
    private bool HoldsImport(FlowGraph graph, Iced.Intel.Register register)
    {
        bool found = false;
        foreach (DecodedInstruction decoded in graph.Order.SelectMany(block => block.Instructions))
        {
            ref readonly Instruction instruction = ref decoded.Value;
            if (instruction.OpCount == 2 && instruction.Op0Kind == OpKind.Register &&
                instruction.Op0Register.GetFullRegister() == register && instruction.Mnemonic is not (Mnemonic.Cmp or Mnemonic.Test))
            {
                found = instruction.Mnemonic == Mnemonic.Mov && instruction.IsIPRelativeMemoryOperand &&
                    context.Image.TryReadConstant(instruction.IPRelativeMemoryAddress, out ulong target) &&
                        context.Targets.At(target).Owner == CalleeOwner.Windows;
                if (!found)
                {
                    return false;
                }
            }
        }

        return found;
    }
}
