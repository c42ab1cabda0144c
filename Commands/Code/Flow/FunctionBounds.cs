using Iced.Intel;
using LockLeak.Code.Images;

namespace LockLeak.Code.Flow;

/// <summary>Where a function ends: which addresses belong to it, which jumps leave it, which calls it does not survive.</summary>
internal sealed class FunctionBounds
{
    // An epilogue puts the stack back within so many instructions before it jumps away.
    private const int EpilogueLength = 16;

    private readonly DriverImage image;
    private readonly KernelRoutines routines;
    private readonly DecodedCode code;
    private readonly ulong start;
    private readonly FunctionPart? function;
    private readonly bool hasNoFrame;

    /// <param name="image">The image.</param>
    /// <param name="routines">The kernel's routines.</param>
    /// <param name="code">The function, as far as it is decoded.</param>
    /// <param name="start">Its first instruction.</param>
    public FunctionBounds(DriverImage image, KernelRoutines routines, DecodedCode code, ulong start)
    {
        (this.image, this.routines, this.code, this.start) = (image, routines, code, start);
        function = image.Functions.FunctionAt(start);
        hasNoFrame = function is not { } known || image.Functions.HasNoFrame(known);
        GuardedCode = function is { } guarded ? image.Functions.GuardedCodeOf(guarded) : [];
    }

    /// <summary>The function's __try blocks.</summary>
    public IReadOnlyList<GuardedCode> GuardedCode { get; }

    /// <summary>True for an address of the function's code.</summary>
    public bool IsInside(ulong target)
    {
        if (!image.IsCode(target))
        {
            return false;
        }

        return image.Functions.PartAt(target) is not { } part ? function is null
            : function is { } mine && (image.Functions.FunctionAt(target)?.Begin == mine.Begin || image.Start + part.Begin != target);
    }

    /// <summary>True for a jump that leaves the function as a call would.</summary>
    public bool IsTailCall(in Instruction jump)
    {
        ulong target = jump.NearBranchTarget;
        if (!image.Contains(target))
        {
            return true;
        }

        if (target == start || image.Functions.FunctionAt(target) is not { } other || image.Start + other.Begin != target)
        {
            return false;
        }

        // A jump to the begin of another function leaves this one, if its frame is gone: the parts of a function into which
        // gcc puts its unlikely code are functions of their own in .pdata, entered with the frame in place.
        return function is not { } mine || (other.Begin != mine.Begin && LeavesFrame(jump));
    }

    /// <summary>True when the function has no frame, or put the stack back shortly before.</summary>
    public bool LeavesFrame(in Instruction jump)
    {
        if (hasNoFrame)
        {
            return true;
        }

        foreach (DecodedInstruction before in code.Before(jump.IP).Take(EpilogueLength))
        {
            ref readonly Instruction instruction = ref before.Value;
            bool moves = instruction.Mnemonic is Mnemonic.Add or Mnemonic.Lea or Mnemonic.Mov && instruction.Op0Kind == OpKind.Register &&
                instruction.Op0Register == Register.RSP;
            if (moves || instruction.Mnemonic is Mnemonic.Pop or Mnemonic.Leave)
            {
                return true;
            }

            if (instruction.FlowControl != FlowControl.Next)
            {
                break;
            }
        }

        return false;
    }

    /// <summary>True for a call that does not come back: by the table, or because nothing of the function follows it.</summary>
    public bool NeverReturns(in Instruction call)
    {
        ulong target = call.FlowControl == FlowControl.Call ? call.NearBranchTarget
            : call.IsIPRelativeMemoryOperand && image.TryReadConstant(call.IPRelativeMemoryAddress, out ulong pointer) ? pointer : 0;
        if (routines.At(target) is { Effect: RoutineEffect.NeverReturns or RoutineEffect.EndsThread } ||
            (image.Functions.PartAt(call.IP) is { } part && call.NextIP == image.Start + part.End))
        {
            return true;
        }

        Decoder.Create(64, new CodeStream(image.Memory, call.NextIP), call.NextIP).Decode(out Instruction next);
        return next.Mnemonic is Mnemonic.Int3 or Mnemonic.Ud2;
    }
}
