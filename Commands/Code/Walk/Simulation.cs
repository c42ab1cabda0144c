using Iced.Intel;
using LockLeak.Code.Flow;
using LockLeak.Code.Values;

namespace LockLeak.Code.Walk;

/// <summary>Takes note that a block is reached; from null, the function begins.</summary>
internal delegate void BlockReached(Node? from, ulong at, Property property, MachineState state);

/// <summary>Goes through a function block by block, keeping ways with different properties apart.</summary>
internal sealed class Simulation(WalkContext context, AnyCall anyCall, CallEffects calls)
{
    private const int MostSteps = 6_000, MostProperties = 32;

    /// <summary>Goes through a function from its start.</summary>
    public void Run(Pass pass, Property property, MachineState state)
    {
        var work = new PriorityQueue<Node, int>();
        HashSet<Node> waiting = [];
        Dictionary<ulong, int> properties = [];
        Arrive(null, pass.Graph.Start, property, state);
        for (int steps = 0; work.TryDequeue(out Node? node, out _); steps++)
        {
            waiting.Remove(node);
            if (steps >= MostSteps || !context.Budget.MayGoOn())
            {
                pass.Walk.GiveUp(context.Budget.Exhausted ?? "too many steps");
                return;
            }

            Step(pass, node, Arrive);
        }

        void Arrive(Node? from, ulong at, Property with, MachineState arriving)
        {
            var node = new Node(at, with);
            if (from is { } source && pass.IsOuter)
            {
                pass.Walk.Connect(source, node);
            }

            if (!pass.Graph.Blocks.ContainsKey(at))
            {
                return;
            }

            if (pass.States.TryGetValue(node, out MachineState? present))
            {
                if (!present.Merge(arriving, at))
                {
                    return;
                }
            }
            else if ((properties[at] = properties.GetValueOrDefault(at) + 1) > MostProperties)
            {
                pass.Walk.GiveUp("too many combinations of locks");
                return;
            }
            else
            {
                pass.States.Add(node, arriving);
            }

            if (waiting.Add(node))
            {
                work.Enqueue(node, pass.Graph.Rank(at));
            }
        }
    }

    private void Step(Pass pass, Node node, BlockReached reached)
    {
        CodeBlock block = pass.Graph.Blocks[node.At];
        MachineState state = pass.States[node].Clone();
        Property property = node.Property;
        foreach (DecodedInstruction decoded in block.Instructions)
        {
            ref readonly Instruction instruction = ref decoded.Value;
            if (instruction.HasLockPrefix && property.HoldsAny && instruction.Op0Kind == OpKind.Memory)
            {
                property = ReleaseInPlace(pass.Walk, property, state, instruction);
            }

            if (instruction.FlowControl == FlowControl.Next)
            {
                context.Instructions.Apply(state, instruction);
            }
        }

        switch (block.End)
        {
            case BlockEnd.Falls:
                reached(node, block.Next, property, state);
                break;
            case BlockEnd.Jumps:
                reached(node, block.Target, property, state);
                break;
            case BlockEnd.Switches:
                foreach (ulong target in block.Cases)
                {
                    reached(node, target, property, state.Clone());
                }

                break;
            case BlockEnd.Branches:
                Branch(node, property, block, state, reached);
                break;
            case BlockEnd.Returns:
                pass.Leave(node, block.Last.IP, property, state, false);
                break;
            case BlockEnd.Calls or BlockEnd.TailCalls or BlockEnd.CallsForever:
                Call(pass, node, property, block, state, reached);
                break;
            case BlockEnd.Lost:
                pass.Walk.GiveUp(pass.Graph.Lost?.Why ?? "code cannot be followed");
                break;
        }
    }

    private void Call(Pass pass, Node node, Property property, CodeBlock block, MachineState state, BlockReached reached)
    {
        foreach (ulong handler in block.Handlers)
        {
            MachineState raised = state.Clone();
            anyCall.Clobber(raised, block.Last.IP);
            reached(node, handler, property.With(Marks.Raises), raised);
        }

        foreach (CallResult result in calls.Of(pass, block, property, state))
        {
            if (result.EndsThread || block.End == BlockEnd.TailCalls)
            {
                pass.Leave(node, block.Last.IP, result.Property, result.State, result.EndsThread);
            }
            else if (block.End == BlockEnd.Calls)
            {
                reached(node, block.Next, result.Property, result.State);
            }
        }
    }

    private void Branch(Node node, Property property, CodeBlock block, MachineState state, BlockReached reached)
    {
        if (context.Instructions.ConditionOf(state, block.Last.ConditionCode) is not { } condition)
        {
            reached(node, block.Target, property, state.Clone());
            reached(node, block.Next, property, state);
            return;
        }

        bool? holds = state.Facts.Decide(condition, out bool rests);
        Property with = rests ? property.With(Marks.Depends) : property;
        if (holds != false || rests)
        {
            MachineState taken = state.Clone();
            taken.Facts.Assume(condition, afresh: rests);
            reached(node, block.Target, with, taken);
        }

        if (holds != true || rests)
        {
            state.Facts.Assume(condition.Negated, afresh: rests);
            reached(node, block.Next, with, state);
        }
    }

    // Up to Windows 8 the header wdm.h puts the release of a push lock into its caller: an interlocked change of the lock, and a
    // call of ExfTryToWakePushLock when there are waiters.
    private Property ReleaseInPlace(FunctionWalk walk, Property property, MachineState state, in Instruction instruction)
    {
        Value changed = context.Values.Timeless(context.Operands.Address(state, instruction));
        ulong released = 0;
        foreach (Site site in walk.Sites)
        {
            if (property.Holds(site.Id) && site.Routine.Kind == CodeLockKind.PushLock &&
                (!state.Locks.TryGetValue(site.Id, out Value? held) || held.IsUnknown || held.IsSame(changed)))
            {
                released |= 1UL << site.Id;
                state.Locks.Remove(site.Id);
            }
        }

        return property.Drop(released);
    }
}
