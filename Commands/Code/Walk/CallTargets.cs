using Iced.Intel;
using LockLeak.Code.Flow;
using LockLeak.Code.Images;
using LockLeak.Code.Values;
using Register = LockLeak.Code.Values.Register;

namespace LockLeak.Code.Walk;

/// <summary>Whose code a call leads to.</summary>
internal enum CalleeOwner : byte
{
    /// <summary>It cannot be told.</summary>
    Unknown,

    /// <summary>The driver's own.</summary>
    Driver,

    /// <summary>A module of Windows that gives back no lock of a driver.</summary>
    Windows,

    /// <summary>Another module's.</summary>
    Foreign,
}

/// <summary>What a call leads to.</summary>
/// <param name="Owner">Whose code.</param>
/// <param name="Address">Where; 0 when it cannot be told.</param>
/// <param name="Routine">The routine of the table that lies there.</param>
internal readonly record struct Callee(CalleeOwner Owner, ulong Address = 0, LockRoutine? Routine = null);

/// <summary>
/// Finds what a call leads to: directly, through the import table, through a register that was loaded from it, through
/// thunks, through the guarded call of control flow guard, and in the form that the loader gives to import calls
/// ("mov r10,[cell]; call rel32", to the routine itself or to a retpoline behind the image).
/// </summary>
internal sealed class CallTargets(DriverImage image, KernelRoutines routines, Operands operands, Func<ulong, FlowGraph> graphOf)
{
    private const int MostThunks = 3;

    /// <summary>What the call or jump that ends a block leads to.</summary>
    public Callee Of(MachineState state, in Instruction call)
    {
        if (call.FlowControl is not (FlowControl.Call or FlowControl.UnconditionalBranch) && call.IsIPRelativeMemoryOperand &&
            call.IPRelativeMemoryAddress == image.GuardDispatchCell)
        {
            return In(state, Register.Rax);
        }

        if (operands.Read(state, call, 0) is not { IsNumber: true, Number: var address })
        {
            return default;
        }

        Callee found = At(address);
        return found switch
        {
            { Routine.Effect: RoutineEffect.JumpsToRax } => In(state, Register.Rax),

            // A retpoline: an import was loaded into r10 for it, any other target into rax.
            { Owner: CalleeOwner.Foreign } when In(state, Register.R10) is { Owner: not CalleeOwner.Unknown } import => import,
            { Owner: CalleeOwner.Foreign } when In(state, Register.Rax) is { Owner: not CalleeOwner.Unknown } target => target,
            _ => found,
        };
    }

    /// <summary>What lies at an address, behind thunks that only jump on.</summary>
    public Callee At(ulong address)
    {
        for (int i = 0; i < MostThunks && image.Contains(address) && routines.At(address) is null; i++)
        {
            if (JumpOf(address) is not { } target)
            {
                return new Callee(CalleeOwner.Driver, address);
            }

            address = target;
        }

        return routines.At(address) is { } routine ? new Callee(CalleeOwner.Windows, address, routine)
            : image.Contains(address) ? new Callee(CalleeOwner.Driver, address)
            : new Callee(routines.IsWindows(address) ? CalleeOwner.Windows : CalleeOwner.Foreign, address);
    }

    /// <summary>What a call leads to whatever the state: directly or through the import table; unknown else.</summary>
    public Callee Fixed(CodeBlock block) =>
        block.Target != 0 ? At(block.Target)
        : block.Last is { IsIPRelativeMemoryOperand: true } last && last.IPRelativeMemoryAddress != image.GuardDispatchCell &&
            image.TryReadConstant(last.IPRelativeMemoryAddress, out ulong target) ? At(target)
        : default;

    private Callee In(MachineState state, Register register) =>
        state[register] is { IsNumber: true, Number: var address } ? At(address) : default;

    // Where a function leads that is one jump; null for any other.
    private ulong? JumpOf(ulong address)
    {
        Decoder.Create(64, new CodeStream(image.Memory, address), address).Decode(out Instruction first);
        return first.FlowControl switch
        {
            FlowControl.UnconditionalBranch when image.Functions.PartAt(address) is null ||
                graphOf(address) is { Order: [{ End: BlockEnd.TailCalls }] } => first.NearBranchTarget,
            FlowControl.IndirectBranch when first.IsIPRelativeMemoryOperand &&
                image.TryReadConstant(first.IPRelativeMemoryAddress, out ulong behind) => behind,
            _ => null,
        };
    }
}
