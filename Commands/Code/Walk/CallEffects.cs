using LockLeak.Code.Flow;
using LockLeak.Code.Values;

namespace LockLeak.Code.Walk;

/// <summary>What calls do: to the locks, by the table; inside the driver, by going through the called function.</summary>
/// <param name="context">The driver and the question.</param>
/// <param name="walker">Goes through called functions.</param>
/// <param name="calls">What any call does.</param>
/// <param name="locks">What routines do to locks.</param>
internal sealed class CallEffects(WalkContext context, IWalker walker, AnyCall calls, LockEffects locks)
{
    private readonly DriverCalls driver = new(context, walker, calls, locks);

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
                calls.Clobber(state, at);
                return [new CallResult(callee.Owner == CalleeOwner.Windows ? property : AnyCall.CallOut(pass, at, property), state)];
            case RoutineEffect.ChecksGuard:
                return [new CallResult(property, state)];
            case RoutineEffect.EndsThread:
                return [new CallResult(property, state, EndsThread: true)];
            case RoutineEffect.NeverReturns:
                return [];
            case RoutineEffect.NamesMutex:
                context.Mutexes.Name(state[Register.Rcx]);
                calls.Clobber(state, at);
                return [new CallResult(property, state)];
            case RoutineEffect.WritesNothing:
                calls.Clobber(state, at, writesNothing: true);
                return [new CallResult(property, state)];
            case RoutineEffect.JumpsToRax:
                calls.Clobber(state, at);
                return [new CallResult(AnyCall.CallOut(pass, at, property), state)];
            default:
                return locks.Of(pass, callee.Routine, at, property, state);
        }
    }
}
