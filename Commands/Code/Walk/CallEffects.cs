using LockLeak.Code.Flow;
using LockLeak.Code.Values;

namespace LockLeak.Code.Walk;

/// <summary>What calls do: to the locks, by the table; inside the driver, by going through the called function.</summary>
internal sealed class CallEffects
{
    // Fresh values of a call: its result, and the time of memory from then on.
    private const int Result = 0, Time = 200;

    private readonly WalkContext context;
    private readonly DriverCalls driver;

    /// <param name="context">The driver and the question.</param>
    /// <param name="walker">Goes through called functions.</param>
    public CallEffects(WalkContext context, Walker walker)
    {
        this.context = context;
        Locks = new LockEffects(context, this);
        driver = new DriverCalls(context, walker, this, Locks);
    }

    /// <summary>What routines do to locks.</summary>
    public LockEffects Locks { get; }

    /// <summary>The result of the call at an address, as a value.</summary>
    public Value ResultOf(ulong at) => context.Values.Fresh(at, Result);

    /// <summary>What the call or the jump that ends a block leaves: nothing when it never comes back.</summary>
    public IReadOnlyList<CallResult> Of(Pass pass, CodeBlock block, Property property, MachineState state)
    {
        ulong at = block.Last.IP;
        Callee callee = context.Targets.Of(state, block.Last);
        if (callee.Owner == CalleeOwner.Driver)
        {
            return driver.Enter(pass, block, callee.Address, property, state);
        }

        switch (callee.Routine?.Effect)
        {
            case null:
                Clobber(state, at);
                return [new CallResult(callee.Owner == CalleeOwner.Windows ? property : CallOut(pass, at, property), state)];
            case RoutineEffect.ChecksGuard:
                return [new CallResult(property, state)];
            case RoutineEffect.EndsThread:
                return [new CallResult(property, state, EndsThread: true)];
            case RoutineEffect.NeverReturns:
                return [];
            case RoutineEffect.NamesMutex:
                context.Mutexes.Name(state[Register.Rcx]);
                Clobber(state, at);
                return [new CallResult(property, state)];
            case RoutineEffect.WritesNothing:
                Clobber(state, at, writesNothing: true);
                return [new CallResult(property, state)];
            case RoutineEffect.JumpsToRax:
                Clobber(state, at);
                return [new CallResult(CallOut(pass, at, property), state)];
            default:
                return Locks.Of(pass, callee.Routine, at, property, state);
        }
    }

    /// <summary>Code is called that is not looked into: with a lock held, that may be where it is released.</summary>
    public static Property CallOut(Pass pass, ulong at, Property property)
    {
        if (property.HoldsAny)
        {
            pass.Walk.CallsOut.Add(pass.Outermost(at));
        }

        return property.With(Marks.CallsOut);
    }

    /// <summary>What any call does: registers are lost, and memory that others can reach may change.</summary>
    public void Clobber(MachineState state, ulong at, bool writesNothing = false)
    {
        foreach (int argument in CallingConvention.Arguments)
        {
            if (!writesNothing)
            {
                state.Memory.GiveAway(state[(Register)argument]);
            }
        }

        Value result = ResultOf(at);
        state.Forget(result);
        foreach (int register in CallingConvention.Lost)
        {
            state[(Register)register] = context.Values.Unknown;
        }

        state[Register.Rax] = result;
        state.Flags = default;
        state.PassTime(context.Values.Fresh(at, Time));
    }
}
