using System.Globalization;
using KernelImages.Scenarios;

namespace KernelImages.LockStates;

/// <summary>
/// Makes a scenario of states: the generator gives their threads an _ETHREAD and lock entries, and their memory is then
/// written as the states have it. No two states overlap, so that one machine has room for all of a build.
/// </summary>
public static class LockStateMachine
{
    /// <summary>Process IDs of the states.</summary>
    private const ulong FirstPid = 0x1000, PidsOfState = 0x100;

    /// <summary>The machine that the states are moments of: a process for each of them.</summary>
    /// <param name="name">Short, for files.</param>
    /// <param name="states">Each must be able to happen on the build that the machine will have.</param>
    public static Scenario Of(string name, params IReadOnlyList<LockState> states) =>
        new(name, "Threads fight for locks, and nothing is wrong")
        {
            Processes = [.. states.Select(Process)],
            Locks = [.. states.SelectMany(state => state.Locks.Select(item => Lock(state, item)))],
            // Not to break anything, but because it comes last.
            Damage = kernel => LockStateWriter.Write(kernel, states),
        };

    /// <summary>The scenario's name for a thread, such as "s021.3".</summary>
    public static string ThreadName(LockState state, int thread) => string.Create(CultureInfo.InvariantCulture, $"{state.Id}.{thread}");

    /// <summary>The scenario's name for a lock, such as "s021/0".</summary>
    public static string LockName(LockState state, int item) => string.Create(CultureInfo.InvariantCulture, $"{state.Id}/{item}");

    private static ProcessSpec Process(LockState state)
    {
        ulong pid = FirstPid + PidsOfState * ulong.Parse(state.Id.AsSpan(1), CultureInfo.InvariantCulture);
        return new ProcessSpec(state.Id, pid)
        {
            Threads = [.. state.Threads.Select((thread, number) =>
                new ThreadSpec(ThreadName(state, number), pid + 4 * (ulong)(number + 1)) { WaitReason = thread.WaitReason })],
        };
    }

    // An entry is in the tree of its lock from the moment on that somebody waits for the lock.
    private static GivenLock Lock(LockState state, StateLock item)
    {
        IEnumerable<Claim> Claims(Func<int, string, bool> isWanted) =>
            from thread in state.Threads.Index()
            from claim in thread.Item.Claims
            where claim.Lock == item.Id && isWanted(thread.Index, claim.Entry)
            select new Claim(ThreadName(state,
                thread.Index))
            { Shared = claim.Mode == "shared", Tracked = claim.Entry != "none", NotInTree = !item.IsContended };

        return new GivenLock(LockName(state, item.Id))
        {
            Address = item.Address,
            Owners = [.. Claims((_, entry) => entry == "owns")],
            Acquiring = [.. Claims((_, entry) => entry == "acquiring")],
            Waiters = [.. Claims((thread, entry) =>
                entry == "waits" || (entry == "none" && item.Waiters.Any(waiter => waiter.Thread == thread)))],
        };
    }
}

/// <summary>A lock whose memory is given, so that the generator makes the lock entries and nothing else.</summary>
internal sealed record GivenLock(string Name) : LockSpec(Name);
