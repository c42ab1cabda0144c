using LockLeak.Code.Values;

namespace LockLeak.Code.Walk;

/// <summary>What any call does, whatever is called.</summary>
internal sealed class AnyCall(WalkContext context)
{
    // Fresh values of a call: its result, and the time of memory from then on.
    private const int Result = 0, Time = 200;

    /// <summary>The result of the call at an address, as a value.</summary>
    public Value ResultOf(ulong at) => context.Values.Fresh(at, Result);

    /// <summary>Code is called that is not looked into: with a lock held, that may be where it is released.</summary>
    public static Property CallOut(Pass pass, ulong at, Property property)
    {
        if (property.HoldsAny)
        {
            pass.Walk.CallsOut.Add(pass.Outermost(at));
        }

        return property.With(Marks.CallsOut);
    }

    /// <summary>Registers are lost, and memory that others can reach may change.</summary>
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
