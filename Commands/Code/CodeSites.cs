using LockLeak.Code.Images;
using LockLeak.Target;

namespace LockLeak.Code;

/// <summary>
/// Where in a driver's code a lock was taken, and which way out forgot it: read from the code in the target's memory.
/// </summary>
/// <param name="target">The machine under the debugger.</param>
/// <param name="isInterrupted">True once the user has asked to stop.</param>
/// <param name="limits">What one question may cost.</param>
internal sealed class CodeSites(ITarget target, Func<bool> isInterrupted, CodeLimits limits)
{
    private const string NoNames =
        "The code is not looked into: the kernel's routines have no names. Set the symbol path (.symfix; .reload) and try again.";

    private readonly Dictionary<ulong, byte[]> blocks = [];
    private KernelRoutines? routines;

    /// <summary>The locks that a thread holds, by the frames of its stack: where each was taken.</summary>
    /// <param name="frames">The thread's stack, newest frame first.</param>
    /// <param name="wanted">The lock.</param>
    public CodeAnswer HeldAt(IReadOnlyList<StackFrame> frames, WantedLock wanted)
    {
        if (Refusal() is { } refusal)
        {
            return refusal;
        }

        var question = new CodeQuestion(target, Routines, limits, isInterrupted, blocks, wanted);
        HashSet<ulong> seen = [];

        // The kernel's own frames hold locks of its own only for as long as a call takes, and its functions are large.
        foreach ((int i, StackFrame frame) in frames.Index().Where(item => !Routines.IsWindows(item.Item.Instruction)))
        {
            if (seen.Add(frame.Stack))
            {
                question.AskFrame(frame, i);
            }
        }

        return question.Answer();
    }

    /// <summary>The locks that the start routine of a thread takes, and whether it can end without giving them back.</summary>
    /// <param name="routine">Address of the start routine.</param>
    /// <param name="wanted">The lock.</param>
    public CodeAnswer OfStartRoutine(ulong routine, WantedLock wanted)
    {
        if (Refusal() is { } refusal)
        {
            return refusal;
        }

        var question = new CodeQuestion(target, Routines, limits, isInterrupted, blocks, wanted);
        question.AskStartRoutine(routine);
        return question.Answer();
    }

    /// <summary>The code that refers to an address in its module's data, such as a lock in a static variable of a driver.</summary>
    /// <param name="address">The address.</param>
    /// <returns>Null when it lies in no module's data.</returns>
    public CodeReferences? ReferencesTo(ulong address)
    {
        if (target.Facts.Machine != Machine.Amd64 || target.Symbols.At(address) is not { IsUnloaded: false, ModuleStart: not 0 } symbol)
        {
            return null;
        }

        var budget = new CodeBudget(CodeLimits.WholeModule, isInterrupted);
        var memory = new CodeMemory(target, budget, blocks);
        return DriverImage.TryOpen(memory, symbol.ModuleStart) is { } image && image.Contains(address) && !image.IsCode(address)
            ? new CodeReferences([.. new DataReferences(image, budget).To(address)], budget.Exhausted)
            {
                Reads = memory.Reads,
                Bytes = budget.Bytes
            }
            : null;
    }

    private KernelRoutines Routines => routines ??= KernelRoutines.Of(target);

    private CodeAnswer? Refusal() =>
        target.Facts.Machine != Machine.Amd64 ? new CodeAnswer([], ["Code is looked into on x64 only."])
        : Routines.AreNameless ? new CodeAnswer([], [NoNames])
        : null;
}
