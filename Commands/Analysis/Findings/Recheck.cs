using LockLeak.Kernel;

namespace LockLeak.Analysis.Findings;

/// <summary>
/// Looks at the threads of a finding once more. A live machine may run on while it is read (a local kernel session), and
/// what was true of a thread and of its lock at different moments is no evidence.
/// </summary>
public static class Recheck
{
    /// <summary>The findings whose threads are still as they were; each other one leaves a note.</summary>
    public static IEnumerable<Finding> StillTrue(KernelView view, IEnumerable<Finding> findings)
    {
        foreach (Finding finding in findings)
        {
            ulong changed = finding.Threads.Append(finding.Thread).FirstOrDefault(thread => thread != 0 && !IsUnchanged(view, thread));
            if (changed == 0)
            {
                yield return finding;
            }
            else
            {
                view.Notes.Add($"Thread {Address.Text(changed)} changed while it was looked at, so this is left out: {finding.Message}");
            }
        }
    }

    private static bool IsUnchanged(KernelView view, ulong address)
    {
        KernelThread? before = view.Thread(address), now = view.ReadAgain(address);
        return before is null ? now is null : now is not null &&
            before.State == now.State && before.WaitBlockList == now.WaitBlockList &&
            before.Entries.Select(entry => (entry.Relation, entry.Lock)).SequenceEqual(now.Entries.Select(entry => (entry.Relation, entry.Lock)));
    }
}
