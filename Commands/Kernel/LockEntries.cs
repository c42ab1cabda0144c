using System.Numerics;

namespace LockLeak.Kernel;

/// <summary>The lock entries of a thread. Those in use are decoded once; the others, five of six, only for who asks for them.</summary>
internal sealed class LockEntries
{
    private readonly ThreadAddress thread;
    private readonly LockEntryRun[] runs;
    private readonly LockEntryDecoder? decoder;

    /// <summary>Takes in what was read.</summary>
    /// <param name="thread">_ETHREAD whose entries they are.</param>
    /// <param name="runs">Where they lie.</param>
    /// <param name="decoder">Tells what an entry says; null where there are none.</param>
    public LockEntries(ThreadAddress thread, LockEntryRun[] runs, LockEntryDecoder? decoder)
    {
        (this.thread, this.runs, this.decoder) = (thread, runs, decoder);
        int used = 0;
        foreach (LockEntryRun run in runs)
        {
            Count += run.Count;
            used += BitOperations.PopCount(run.InUse);
        }

        InUse = new LockEntry[used];
        used = 0;
        foreach (LockEntryRun run in runs)
        {
            for (uint left = run.InUse; left != 0; left &= left - 1)
            {
                InUse[used++] = decoder!.Decode(in run, BitOperations.TrailingZeroCount(left), thread);
            }
        }
    }

    /// <summary>Of a thread that has none, or whose entries cannot be read.</summary>
    public static LockEntries None { get; } = new(default, [], decoder: null);

    /// <summary>How many there are, free ones too.</summary>
    public int Count { get; }

    /// <summary>Those in use: the only ones that most readers look at.</summary>
    public LockEntry[] InUse { get; }

    /// <summary>All of them, free ones too.</summary>
    public IEnumerable<LockEntry> All()
    {
        int used = 0;
        foreach (LockEntryRun run in runs)
        {
            for (int i = 0; i < run.Count; i++)
            {
                yield return run.IsInUse(i) ? InUse[used++] : decoder!.Decode(in run, i, thread);
            }
        }
    }

    /// <summary>Those that are not free: in use, or orphaned.</summary>
    public LockEntry[] Taken() => Array.Exists(runs, run => run.Orphaned != 0)
        ? [.. All().Where(entry => entry.Relation != LockRelation.Free)] : InUse;

    /// <summary>The one at an address; null when there is none.</summary>
    public LockEntry? At(EntryAddress address)
    {
        foreach (LockEntry entry in InUse)
        {
            if (entry.Address == address)
            {
                return entry;
            }
        }

        return All().FirstOrDefault(entry => entry.Address == address);
    }

    /// <summary>
    /// Free ones of the kernel's that hold something, as none should: those of user mode and those that are just being released are left
    /// out.
    /// </summary>
    /// <param name="cleared">How many others of them there are, which hold nothing.</param>
    public IReadOnlyList<LockEntry> FreeButHolding(out int cleared)
    {
        List<LockEntry>? holding = null;
        cleared = 0;
        foreach (LockEntryRun run in runs)
        {
            for (int i = 0; i < run.Count; i++)
            {
                if (run.IsInUse(i) || run.IsOrphaned(i) || run.IsReleasePending(i) || decoder!.IsUser(in run, i))
                {
                    continue;
                }

                if (decoder.LockAddress(in run, i) == 0)
                {
                    cleared++;
                }
                else
                {
                    (holding ??= []).Add(decoder.Decode(in run, i, thread));
                }
            }
        }

        return holding ?? [];
    }
}
