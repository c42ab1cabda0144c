using Iced.Intel;
using LockLeak.Code.Images;

namespace LockLeak.Code.Flow;

/// <summary>Decodes a function from its start and follows its control flow.</summary>
internal sealed class FlowGraphBuilder
{
    // The largest function seen in a driver of Windows had 9,000.
    private const int MostInstructions = 20_000;

    private readonly DriverImage image;
    private readonly CodeBudget budget;
    private readonly FlowGraph graph;
    private readonly DecodedCode code = new();
    private readonly JumpTables tables;
    private readonly FunctionBounds bounds;
    private readonly Dictionary<ulong, CodeBlock> ends = [];
    private readonly HashSet<ulong> leaders = [];
    private readonly Stack<ulong> work = [];

    private FlowGraphBuilder(DriverImage image, KernelRoutines routines, CodeBudget budget, ulong start)
    {
        (this.image, this.budget) = (image, budget);
        graph = new FlowGraph(start);
        bounds = new FunctionBounds(image, routines, code, start);
        tables = new JumpTables(image, code, bounds.IsInside);
    }

    /// <summary>The blocks of the function that begins at an address.</summary>
    public static FlowGraph Build(DriverImage image, KernelRoutines routines, CodeBudget budget, ulong start)
    {
        var builder = new FlowGraphBuilder(image, routines, budget, start);
        if (budget.TryTakeFunction())
        {
            builder.Discover();
        }

        if (budget.Exhausted is { } why)
        {
            builder.graph.Lost ??= (start, why);
        }

        builder.Cut();
        builder.graph.Sort();
        return builder.graph;
    }

    private void Discover()
    {
        Go(graph.Start);
        foreach (GuardedCode range in bounds.GuardedCode)
        {
            Go(range.Handler);
        }

        while (work.TryPop(out ulong at))
        {
            Decoder decoder = Decoder.Create(64, new CodeStream(image.Memory, at), at);
            while (!code.Contains(at))
            {
                if (code.Count >= MostInstructions || !budget.MayGoOn())
                {
                    Lose(at, "the function is too long");
                    return;
                }

                decoder.Decode(out Instruction instruction);
                if (instruction.IsInvalid || !image.IsCode(at))
                {
                    Lose(at, decoder.LastError == DecoderError.NoMoreBytes ? "code cannot be read" : "no code");
                    ends[at] = new CodeBlock(at) { End = BlockEnd.Lost };
                    break;
                }

                code.Add(instruction);
                if (!Follow(instruction))
                {
                    break;
                }

                at = instruction.NextIP;
            }
        }
    }

    // Notes where an instruction leads; false when the next one does not follow.
    private bool Follow(in Instruction instruction)
    {
        switch (instruction.FlowControl)
        {
            case FlowControl.Next:
                return true;
            case FlowControl.ConditionalBranch:
                Note(instruction, BlockEnd.Branches, instruction.NearBranchTarget);
                Go(instruction.NearBranchTarget);
                Go(instruction.NextIP);
                return true;
            case FlowControl.UnconditionalBranch:
                bool leaves = bounds.IsTailCall(instruction);
                Note(instruction, leaves ? BlockEnd.TailCalls : BlockEnd.Jumps, instruction.NearBranchTarget);
                if (!leaves)
                {
                    Go(instruction.NearBranchTarget);
                }

                return false;
            case FlowControl.IndirectBranch:
                FollowIndirect(instruction);
                return false;
            case FlowControl.Call or FlowControl.IndirectCall:
                bool comesBack = !bounds.NeverReturns(instruction);
                ulong callee = instruction.FlowControl == FlowControl.Call ? instruction.NearBranchTarget : 0;
                Note(instruction, comesBack ? BlockEnd.Calls : BlockEnd.CallsForever, callee);
                if (comesBack)
                {
                    Go(instruction.NextIP);
                }

                return comesBack;
            case FlowControl.Return:
                Note(instruction, BlockEnd.Returns, 0);
                return false;
            case FlowControl.Interrupt when instruction.Mnemonic == Mnemonic.Int && instruction.Immediate8 is 0x2C or 0x2D:
                // The kernel's assertion and debug service, which come back.
                return true;
            default:
                Note(instruction, BlockEnd.Stops, 0);
                return false;
        }
    }

    private void FollowIndirect(in Instruction jump)
    {
        if (jump.IsIPRelativeMemoryOperand)
        {
            Note(jump, BlockEnd.TailCalls, 0);
            return;
        }

        IReadOnlyList<ulong> cases = tables.CasesOf(jump);
        if (cases.Count > 0)
        {
            Note(jump, BlockEnd.Switches, 0).Cases = cases;
            foreach (ulong target in cases)
            {
                Go(target);
            }
        }
        else if (bounds.LeavesFrame(jump))
        {
            Note(jump, BlockEnd.TailCalls, 0);
        }
        else
        {
            Lose(jump.IP, "indirect jump");
            Note(jump, BlockEnd.Lost, 0);
        }
    }

    private void Go(ulong target)
    {
        if (leaders.Add(target))
        {
            work.Push(target);
        }
    }

    private CodeBlock Note(in Instruction last, BlockEnd end, ulong target) =>
        ends[last.IP] = new CodeBlock(last.IP) { End = end, Target = target };

    private void Lose(ulong at, string why) => graph.Lost ??= (at, budget.Exhausted ?? why);

    private void Cut()
    {
        CodeBlock? block = null;
        foreach (DecodedInstruction instruction in code.InOrder())
        {
            ulong at = instruction.Value.IP;
            if (block is null || leaders.Contains(at) || at != block.Next)
            {
                block = new CodeBlock(at);
                graph.Blocks.Add(at, block);
            }

            block.Instructions.Add(instruction);
            block.Next = instruction.Value.NextIP;
            if (ends.TryGetValue(at, out CodeBlock? end))
            {
                (block.End, block.Target, block.Cases) = (end.End, end.Target, end.Cases);
                if (block.End is BlockEnd.Calls or BlockEnd.CallsForever)
                {
                    block.Handlers =
                        [.. bounds.GuardedCode.Where(range => at >= range.Begin && at < range.End).Select(range => range.Handler)];
                }

                block = null;
            }
        }
    }
}
