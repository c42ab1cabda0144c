using System.Globalization;
using LockLeak.Findings;
using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Reports;

/// <summary>How reports put single things into words, with the command that each leads to.</summary>
internal static class Phrases
{
    /// <summary>A thread's address, leading to its lock entries.</summary>
    public static Cell Thread(ThreadAddress thread) => new($"{thread}", $"!threadlocks {thread}");

    /// <summary>A lock's address, leading to its owners and waiters.</summary>
    public static Cell Lock(LockAddress address) => new($"{address}", $"!pushlock {address}");

    /// <summary>A push lock's address leads to <c>!pushlock</c>, another lock's to its structure.</summary>
    public static Cell Lock(LockReport node) =>
        node.Kind is AlpcMessage ? new($"{node.Lock}", $"!alpc /m {node.Lock}")
        : node.Kind.TypeName is { } type && node.Kind is not PushLock ? new($"{node.Lock}", $"dt nt!{type} {node.Lock}") : Lock(node.Lock);

    /// <summary>What a lock is and its name, or that of its memory: "push lock nt!CmpRegistryLock", "resource in pool NtFs".</summary>
    public static string Kind(LockReport node) => Called(node) is { } name ? $"{node.Kind.Noun} {name}" : node.Kind.Noun;

    /// <summary>The same without the kind, and with a comma: "nt!CmpRegistryLock, "; empty when it has no name.</summary>
    public static string Name(LockReport node) => Called(node) is { } name ? $"{name}, " : "";

    /// <summary>A lock's symbol, else where it lies: "nt!CmpRegistryLock", "in pool NtFs of ntfs.sys"; null if neither is known.</summary>
    public static string? Called(LockReport node) => node.Symbol ?? (node.Pool is { } pool ? $"in {pool}" : null);

    /// <summary>A sentence whose threads and locks lead to what they are.</summary>
    public static IEnumerable<Cell> Sentence(Sentence sentence) => sentence.Parts.Select(part => part.Subject switch
    {
        ThreadAddress thread => Thread(thread),
        LockAddress address => Lock(address),
        EntryAddress entry => Entry(entry),
        _ => part.Text,
    });

    /// <summary>A lock entry's address, leading to its structure.</summary>
    public static Cell Entry(EntryAddress entry) => new($"{entry}", $"dt nt!_KLOCK_ENTRY {entry}");

    /// <summary>"System 4.1928", leading to all lock users of the process.</summary>
    public static Cell Process(ThreadReport thread) =>
        new($"{thread.Image ?? "?"} {thread.Cid}".TrimEnd(), thread.Process is { } process ? $"!threadlocks -p {process}" : null);

    /// <summary>"Waiting", "Running on 3", "Terminated".</summary>
    public static string State(ThreadReport thread) =>
        thread.Processor is { } processor ? $"{thread.State} on {processor}" : thread.Terminated == true && thread.State != "Terminated"
            ? $"{thread.State}, ending" : thread.State ?? "cannot be read";

    /// <summary>
    /// The wait reason while the thread waits or has ended; the one of the last wait says nothing about a thread that runs.
    /// </summary>
    public static string Reason(ThreadReport thread) => thread.State is "Waiting" or "Terminated" ? thread.WaitReason ?? "" : "";

    /// <summary>How long a thread has waited; "at least" where the kernel starts the time anew.</summary>
    public static string Waited(ThreadReport thread) =>
        thread.WaitMilliseconds is { } milliseconds ? Waited(milliseconds, thread.WaitIsLowerBound == true) : "";

    /// <summary>The same of a wait.</summary>
    public static string Waited(long milliseconds, bool isLowerBound) => $"{(isLowerBound ? "at least " : "")}{Duration(milliseconds)}";

    /// <summary>"0s", "1m05s", "2h10m", "3d04h".</summary>
    public static string Duration(long? milliseconds) => milliseconds switch
    {
        null => "",
        < 60_000 => Invariant($"{milliseconds / 1000}s"),
        < 3_600_000 => Invariant($"{milliseconds / 60_000}m{milliseconds / 1000 % 60:00}s"),
        < 86_400_000 => Invariant($"{milliseconds / 3_600_000}h{milliseconds / 60_000 % 60:00}m"),
        _ => Invariant($"{milliseconds / 86_400_000}d{milliseconds / 3_600_000 % 24:00}h"),
    };

    /// <summary>Where a thread is, leading to its stack: "at TestDriver!Worker+0x4f [worker.c:12]".</summary>
    public static Cell At(ThreadReport thread) =>
        thread.At is null ? "" : new Cell($"at {Place(thread.At, thread.Source)}", $".thread {thread.Thread}; k");

    /// <summary>A place in the code: "TestDriver!Worker+0x4f [worker.c:12]".</summary>
    public static string Place(string symbol, string? source) => source is null ? symbol : $"{symbol} [{source}]";

    /// <summary>Where a thread began: "started TestDriver!Worker".</summary>
    public static string Started(ThreadReport thread) =>
        thread.StartSymbol is { } symbol ? $"started {symbol}" : thread.Start is { } start ? $"started {Address.Text(start)}" : "";

    /// <summary>The state of a lock in words: "Locked Waiting", "owned exclusively", "free".</summary>
    public static string LockState(LockReport node)
    {
        if (node.Value is not { } raw)
        {
            return "memory cannot be read";
        }

        if (node.Kind == LockKinds.PushLock)
        {
            var value = new PushLockValue(raw);
            if (value.IsBlocked && node.Waiters.Count > 0)
            {
                return $"no owner, waited on until it is unblocked, newest wait block {Address.Text(value.WaitBlock)}";
            }

            return Flags(value, node.SharedOwners, node.Exclusive) +
                $"{(value.IsWaiting ? $", newest wait block {Address.Text(value.WaitBlock)}" : "")}";
        }

        string state = node.Locked switch
        {
            false => "free",
            true when node.Exclusive == true => "owned exclusively",
            true when node.SharedOwners > 0 => Count(node.SharedOwners, "shared owner"),
            true => "owned",
            null => $"first word {Address.Text(raw)}",
        };
        IEnumerable<string> pointers = node.OwnerPointers.Select(pointer => $"owner pointer {Address.Text(pointer)}");
        return string.Join(", ",
            [state, .. node.Abandoned ? (string[])["abandoned"] : [], .. pointers, .. node.Detail is null ? (string[])[] : [node.Detail]]);
    }

    /// <summary>
    /// What the value of a push lock says by itself, without a look at the wait blocks: "Locked Waiting", "Locked, 3 shared owners".
    /// </summary>
    public static string PushLockFlags(PushLockValue value) =>
        Flags(value, (long)value.SharedOwners, value is { IsLocked: true, IsWaiting: false, SharedOwners: 0 });

    /// <summary>"2,012".</summary>
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"1 thread", "2,012 threads", "3 entries".</summary>
    public static string Count(long number, string thing) => $"{Count(number)} {(number == 1 ? thing : thing switch
    {
        [.. var stem, 'r', 'y'] => $"{stem}ries",
        [.., 's'] => $"{thing}es",
        _ => $"{thing}s",
    })}";

    private static string Flags(PushLockValue value, long sharedOwners, bool? exclusive)
    {
        if (value.Raw == 0)
        {
            return "free";
        }

        if (!value.IsPlausible || value.IsBlocked)
        {
            return $"{Address.Text(value.Raw)}, which is the value of no push lock";
        }

        List<string> flags = [];
        void Flag(bool set, string name)
        {
            if (set)
            {
                flags.Add(name);
            }
        }

        Flag(value.IsLocked, "Locked");
        Flag(value.IsWaiting, "Waiting");
        Flag(value.IsWaking, "Waking");
        Flag(value.IsMultipleShared, "MultipleShared");
        return string.Join(' ', flags) +
            $"{(sharedOwners > 0 ? $", {Count(sharedOwners, "shared owner")}" : exclusive == true ? ", exclusive" : "")}";
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
