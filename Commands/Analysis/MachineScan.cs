using LockLeak.Kernel;
using LockLeak.Locks;
using LockLeak.Target;

namespace LockLeak.Analysis;

/// <summary>Which processes a command looks at.</summary>
/// <param name="Wanted">What the user asked for; null for all of them.</param>
/// <param name="Matches">Tells whether a process is wanted.</param>
internal sealed record ProcessFilter(string? Wanted, Func<KernelProcess, bool> Matches)
{
    /// <summary>All of them.</summary>
    public static ProcessFilter All { get; } = new(null, _ => true);

    /// <summary>A single process, which is then read without a walk over the others; null for any number of them.</summary>
    public ProcessAddress? Address { get; private init; }

    /// <summary>One of them.</summary>
    /// <param name="address">_EPROCESS.</param>
    public static ProcessFilter Only(ProcessAddress address) =>
        new($"{address}", process => process.Address == address) { Address = address };
}

/// <summary>The walk over all processes and threads: one small read for each, a whole one for those that matter.</summary>
internal sealed class MachineScan
{
    /// <summary>
    /// Threads from one sign of life to the next, and from one question whether to go on: they ask the clock and the engine, and in a
    /// profile of the walk that showed.
    /// </summary>
    private const int BetweenSigns = 8;

    private readonly List<ThreadAddress> addresses = [];
    private readonly List<ThreadWalk> walks = [];

    private MachineScan()
    {
    }

    /// <summary>Processes seen.</summary>
    public int Processes { get; private set; }

    /// <summary>Addresses of all threads seen.</summary>
    public IReadOnlyList<ThreadAddress> Threads => addresses;

    /// <summary>What the walk over each process's threads came to; none in a small dump.</summary>
    public IReadOnlyList<ThreadWalk> Walks => walks;

    /// <summary>Walks the machine; the threads that matter are then known to the view.</summary>
    /// <param name="view">The machine.</param>
    /// <param name="filter">Which processes to look at.</param>
    /// <param name="everyThread">Read every thread whole.</param>
    /// <exception cref="CommandException">No process is the one that was asked for.</exception>
    public static MachineScan Run(KernelView view, ProcessFilter filter, bool everyThread)
    {
        var scan = new MachineScan();
        if (view.Layout.Family == LockEntryFamily.None)
        {
            view.Notes.Add("This Windows build keeps no lock entries: owners of push locks cannot be named, waiters are found through " +
                "their wait blocks.");
        }
        else if (view.Layout.Entries is null)
        {
            view.Notes.Add("The lock entries of this Windows build are of an unknown kind: only waiters and the locks' own owner fields " +
                "are shown.");
        }

        if (view.Target.Facts.IsTriageDump)
        {
            view.Notes.Add("This is a small (triage) dump: it holds no process list, so only the threads at hand could be looked at.");
            foreach (ThreadAddress thread in view.Target.RunningThreads.Append(view.Target.CurrentThread).Where(thread => thread != 0)
                .Distinct().Select(thread => new ThreadAddress(thread)))
            {
                if (view.Thread(thread) is { } known && (known.Process is null || filter.Matches(known.Process)))
                {
                    scan.addresses.Add(thread);
                }
            }

            return filter.Wanted is null || scan.addresses.Count > 0
                ? scan
                : throw new CommandException(CommandResult.Failed,
                    $"No thread at hand is of process '{filter.Wanted}', and a small (triage) dump holds no others.");
        }

        bool isAny = false;
        view.Phases.Begin(Phase.Processes);
        foreach (KernelProcess process in Wanted(view, filter))
        {
            scan.Processes++;
            Tell(process);
            if (view.IsInterrupted)
            {
                return scan;
            }

            if (!filter.Matches(process))
            {
                continue;
            }

            isAny = true;
            view.Phases.Begin(Phase.Threads);
            var walk = new ThreadWalk(process, scan.addresses);
            scan.walks.Add(walk);
            while (view.TryNextThread(walk, out Window thread))
            {
                if (scan.addresses.Count % BetweenSigns == 0)
                {
                    Tell(process);
                    if (view.IsInterrupted)
                    {
                        return scan;
                    }
                }

                var address = new ThreadAddress(thread.Structure);
                bool isWanted = view.DeservesALook(in thread) || everyThread;
                if (isWanted)
                {
                    view.KeepLook(in thread);
                }

                if (isWanted && view.Thread(address) is null)
                {
                    walk.AddUnread(address);
                    view.Notes.AddGap($"Thread {address} of {process.ImageFileName} cannot be read whole: it is paged out, not in the " +
                        "dump or damaged.");
                }
            }

            view.Phases.Begin(Phase.Processes);
        }

        if (!isAny && filter.Wanted is not null && !view.Notes.HasGaps)
        {
            throw new CommandException(CommandResult.Failed, $"There is no process '{filter.Wanted}' among {scan.Processes}.");
        }

        return scan;

        void Tell(KernelProcess process) =>
            view.Progress($"{scan.Processes} processes, {scan.addresses.Count} threads, {process.ImageFileName}");
    }

    /// <summary>
    /// Walks over no list: the threads that the kernel's table of lock entries leads to and those that run now are then known to the
    /// view.
    /// </summary>
    /// <param name="view">The machine.</param>
    /// <param name="only">The lock in whose bucket to look; null for the whole table.</param>
    /// <exception cref="CommandException">This kernel has no table that is known, or it cannot be read.</exception>
    public static MachineScan OfTable(KernelView view, LockAddress? only = null)
    {
        var scan = new MachineScan();
        var table = new EntryTable(view);
        view.Phases.Begin(Phase.Threads);
        HashSet<ulong> threads = [], processes = [];
        foreach (ThreadAddress address in only is { } node ? table.Threads(node) : table.Threads())
        {
            if (threads.Add(address.Value))
            {
                scan.addresses.Add(address);
                scan.Processes += view.Thread(address)?.Process is { } process && processes.Add(process.Address.Value) ? 1 : 0;
            }
        }

        // An entry is linked when its thread is switched out, so that one that runs may hold locks that the table does not have.
        foreach (ulong running in view.Target.RunningThreads)
        {
            if (running != 0 && !view.IsInterrupted)
            {
                view.Thread(new ThreadAddress(running));
            }
        }

        view.Notes.AddGap($"-fast looked only at threads with a lock entry in {(only is null ? "" : "this lock's bucket of ")}" +
            "nt!KiAbTreeArray and at those that run now: of all others, ended ones among them, it says nothing.");
        return scan;
    }

    private static IEnumerable<KernelProcess> Wanted(KernelView view, ProcessFilter filter)
    {
        if (filter.Address is not { } address)
        {
            return view.Processes();
        }

        return view.Process(address) is { } process
            ? [process]
            : throw new CommandException(CommandResult.Failed,
                $"{address} is no process that can be read. Give an _EPROCESS address, a process ID or an image name.");
    }
}
