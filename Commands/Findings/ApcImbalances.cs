using System.Globalization;
using LockLeak.Kernel;

namespace LockLeak.Findings;

/// <summary>
/// Threads that have ended or are in user mode inside a critical or guarded region: a driver entered it and did not leave it, or
/// left it twice. Such a thread gets no APCs any more, which hangs its I/O and its end.
/// </summary>
/// <remarks>
/// The owner of a mutex is in a critical region as long as it owns it (_KMUTANT.ApcDisable). Bug checks 0x1 and 0x20 are raised
/// for the same counts at the return from a system call and at a thread's end
/// (https://learn.microsoft.com/windows-hardware/drivers/debugger/bug-check-0x1--apc-index-mismatch).
/// </remarks>
internal sealed class ApcImbalances : Finder
{
    public override FindingKind Kind { get; } = new("apc-imbalance", "APCS DISABLED", Certainty.Suspect);

    public override IEnumerable<Finding> Find(FindingContext context)
    {
        foreach (KernelThread thread in context.View.KnownThreads().Where(thread =>
            (thread.KernelApcDisable != 0 || thread.SpecialApcDisable != 0) && !thread.OwnsMutants &&
            ((IsOutOfTheKernel(context.View, thread) && !OwnsALock(thread)) ||
                (context.BugCheck is { IsAtTheEnd: true } bugCheck && bugCheck.Thread == thread.Address))))
        {
            string what = thread.HasEnded
                ? "ended" : thread.IsTerminated ? "ends" : thread.IsWaiting ? "waits in user mode" : "runs in user mode";
            string counts = string.Create(CultureInfo.InvariantCulture,
                $"KernelApcDisable is {thread.KernelApcDisable}, SpecialApcDisable {thread.SpecialApcDisable}");
            yield return New($"Thread {context.Describe(thread.Address)} {what} with APCs disabled: {counts}.")
                with
            {
                Thread = thread.Address,
                Reason = $"A critical or guarded region was entered and left unequally often; outside of the kernel both counts are 0.",
            };
        }
    }

    /// <summary>
    /// Who takes most locks enters a critical region first: what is wrong with such a thread is the lock, and findings of locks say it.
    /// </summary>
    private static bool OwnsALock(KernelThread thread) =>
        thread.EntriesInUse.Any(entry => entry is { IsUser: false, Relation: LockRelation.Owns });

    /// <summary>
    /// A driver may wait in user mode for its caller inside a critical region; for an alert by thread ID only user mode itself waits.
    /// </summary>
    private static bool IsOutOfTheKernel(KernelView view, KernelThread thread) =>
        thread.HasEnded || (thread.IsWaiting
            ? thread is { WaitsInUserMode: true, WaitReason: WaitReasons.WrAlertByThreadId } : UserMode.IsIn(view, thread));
}
