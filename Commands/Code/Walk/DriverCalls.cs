using Iced.Intel;
using LockLeak.Code.Flow;
using LockLeak.Code.Values;
using Register = LockLeak.Code.Values.Register;

namespace LockLeak.Code.Walk;

/// <summary>
/// Calls of the driver's own functions. A small one is gone through with its caller's state, so that what it notes in
/// the caller's objects is seen; a larger one by itself, and its outcomes are applied here.
/// </summary>
internal sealed class DriverCalls(WalkContext context, IWalker walker, AnyCall calls, LockEffects locks)
{
    private const int MostInlined = 40, DeepestInlined = 4;

    private readonly ValueFactory values = context.Values;
    private readonly CalleeSurvey survey = new(context);

    /// <summary>What a call of a function of the driver leaves.</summary>
    public IReadOnlyList<CallResult> Enter(Pass pass, CodeBlock block, ulong address, Property property, MachineState state)
    {
        ulong at = block.Last.IP;
        Value? stackSize = ProbedStack(pass, block, state);
        if (stackSize is null && TryInline(pass, block, address, property, state) is { } inlined)
        {
            return inlined;
        }

        int levels = context.Budget.Levels - walker.Nesting;
        bool isLookedInto = levels >= 0 && survey.TouchesLocks(address, levels);
        FunctionWalk? callee = isLookedInto ? walker.WalkOf(address) : null;
        if (callee is { GaveUp: null, IsComplex: false } && (callee.TouchesLocks || callee.ThreadEnds.Count > 0))
        {
            return Apply(pass, callee, block, property, state);
        }

        if (!isLookedInto && survey.NeverComesBack(address))
        {
            return [];
        }

        bool isBlind = isLookedInto ? callee is not { GaveUp: null, IsComplex: false } : levels < 0 || survey.CallsOut(address, levels);
        calls.Clobber(state, at);
        if (stackSize is not null)
        {
            state[Register.Rax] = stackSize;
        }

        return [new CallResult(isBlind ? AnyCall.CallOut(pass, at, property) : property, state)];
    }

    // __chkstk leaves rax as it was, and "sub rsp,rax" follows.
    private static Value? ProbedStack(Pass pass, CodeBlock block, MachineState state) =>
        state[Register.Rax] is { IsNumber: true } size && pass.Graph.Blocks.TryGetValue(block.Next, out CodeBlock? next) &&
            next.Instructions[0].Value is { Mnemonic: Mnemonic.Sub } first &&
        first.Op0Register == Iced.Intel.Register.RSP && first.Op1Register == Iced.Intel.Register.RAX
            ? size
            : null;

    private List<CallResult>? TryInline(Pass outer, CodeBlock block, ulong address, Property property, MachineState state)
    {
        FlowGraph graph = context.GraphOf(address);
        if (outer.Calls.Count >= DeepestInlined || graph.Instructions > MostInlined || graph.Lost is not null ||
            address == outer.Graph.Start || outer.Walk.GaveUp is not null)
        {
            return null;
        }

        Value stack = state.Stack;
        MachineState inside = state.Clone();
        inside.Flags = default;
        if (block.End != BlockEnd.TailCalls)
        {
            inside[Register.Rsp] = values.Add(stack, unchecked((ulong)-8));
        }

        Dictionary<(Property Property, bool EndsThread), MachineState> ends = [];
        var pass = new Pass
        {
            Walk = outer.Walk,
            Graph = graph,
            States = [],
            Calls = [.. outer.Calls, block.Last.IP],
            Leave = (_, _, then, after, endsThread) =>
            {
                if (!ends.TryGetValue((then, endsThread), out MachineState? present))
                {
                    ends.Add((then, endsThread), after.Clone());
                }
                else
                {
                    present.Merge(after.Clone(), graph.Start + 1);
                }
            },
        };
        walker.Run(pass, property, inside);
        foreach (MachineState after in ends.Values)
        {
            foreach (int register in CallingConvention.Kept)
            {
                after[(Register)register] = state[(Register)register];
            }

            after.Flags = default;
            after.Memory.DropStackBelow(stack);
        }

        return MarkChoices(property, [.. ends.Select(end => new CallResult(end.Key.Property, end.Value, end.Key.EndsThread))]);
    }

    // One way through the function releases what is held here and another does not: which it is may depend on something out of sight.
    private static List<CallResult> MarkChoices(Property before, List<CallResult> results)
    {
        for (int i = 0; i < results.Count; i++)
        {
            ulong kept = results[i].Property.Held & before.Held;
            if (!results[i].EndsThread && results.Exists(other => !other.EndsThread && (kept & ~other.Property.Held) != 0))
            {
                results[i] = results[i] with { Property = results[i].Property.With(Marks.Depends) };
            }
        }

        return results;
    }

    private List<CallResult> Apply(Pass pass, FunctionWalk callee, CodeBlock block, Property property, MachineState state)
    {
        ulong at = block.Last.IP;
        MachineState before = state.Clone();
        var names = new CalleeNames(values, before, isTailCall: block.End == BlockEnd.TailCalls);
        calls.Clobber(state, at);
        if (callee.Outcomes.Count > 1)
        {
            MarkOutParameters(before, state);
        }

        List<CallResult> results = [];
        foreach (Outcome outcome in callee.Outcomes)
        {
            MachineState then = state.Clone();
            Property now = property;
            foreach (Release release in outcome.Released)
            {
                now = locks.Release(pass.Walk, release.Kind, names.Here(release.Lock), now, then);
            }

            foreach ((Site inner, Value taken) in outcome.Held)
            {
                Value here = values.Timeless(names.Here(taken));
                if (locks.TakenBack(pass.Walk, inner.Routine.Kind, here, now) is { } release)
                {
                    now = now.Free(release, isFreed: false);
                }
                else if (pass.SiteOf(at, inner.Routine, inner) is { } site)
                {
                    then.Locks[site.Id] = here;
                    now = now.Take(site.Id);
                }
            }

            SetResult(outcome, names, then, at);
            now = outcome.Held.Count > 0 ? now.With(outcome.Marks) : now;
            results.Add(new CallResult(property.HoldsAny && callee.CallsOut.Count > 0 ? AnyCall.CallOut(pass, at, now) : now, then));
        }

        if (callee.ThreadEnds.Count > 0)
        {
            results.Add(new CallResult(property, state.Clone(), EndsThread: true));
        }

        return MarkChoices(property, results);
    }

    private void SetResult(Outcome outcome, CalleeNames names, MachineState then, ulong at)
    {
        if (names.Here(outcome.Result) is { IsUnknown: false } result)
        {
            then[Register.Rax] = result;
            return;
        }

        for (int i = 0; i < Outcome.Widths.Length; i++)
        {
            then.Facts.Add(values.Low(calls.ResultOf(at), Outcome.Widths[i]), outcome.Results[i]);
        }
    }

    // What the function wrote to the caller's local variables may tell its outcomes apart.
    private void MarkOutParameters(MachineState before, MachineState state)
    {
        foreach (int argument in CallingConvention.Arguments)
        {
            Value local = before[(Register)argument];
            if (values.StackOffset(local) is not null)
            {
                foreach (int bits in Outcome.Widths)
                {
                    state.Facts.AddSoft(values.Memory(local, bits, null), ValueRange.All(bits));
                }
            }
        }
    }
}
