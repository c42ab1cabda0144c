using KernelImages.Kernel;

namespace KernelImages.LockStates.Check;

/// <summary>
/// What has to be said of a lock on a build, and what may be said. On a steady lock little lies between the two. On one at
/// which threads are in the middle of a step, an answer may lag or lead by that step.
/// </summary>
public sealed class LockTruth
{
    /// <summary>Steps of a thread that will own the lock next, or has just got it.</summary>
    private static readonly string[] Acquiring = ["acquiring", "acquiring, has got it", "woken, not running yet"];

    /// <summary>Steps of a thread that is in the queue or was until now, and sleeps or is about to.</summary>
    private static readonly string[] Queueing = ["queued, does not wait yet", "taken out of the queue, not signalled yet"];

    /// <summary>Steps of an owner that is about to be none.</summary>
    private static readonly string[] Releasing = ["releasing", "releasing, has given it up"];

    private readonly SyntheticKernel kernel;

    /// <param name="kernel">The machine that the state was written to.</param>
    /// <param name="state">The state.</param>
    /// <param name="item">The lock.</param>
    public LockTruth(SyntheticKernel kernel, LockState state, StateLock item)
    {
        this.kernel = kernel;
        (State, Item) = (state, item);
        Value = kernel.Typed.GetQuad(item.Address);
        HashSet<int> moving = [.. item.InFlight.Select(step => step.Thread)];
        HashSet<int> In(params IEnumerable<string> steps) =>
            [.. item.InFlight.Where(step => steps.Contains(step.Step)).Select(step => step.Thread)];
        if (item.InFlight.FirstOrDefault(step =>
            !Acquiring.Concat(Queueing).Concat(Releasing).Contains(step.Step)) is { Step: { } unknown })
            throw new InvalidDataException($"{state.Id}/{item.Id}: \"{unknown}\" is no known step.");

        // Push locks have no owner field: without lock entries their owners leave no trace.
        bool ownersCanBeTold = HasEntries || !IsPushLock;
        MustOwn = Addresses(item.Owners.Where(owner => ownersCanBeTold && !owner.ByPointer).Select(owner => owner.Thread).Except(moving));
        MayOwn = Addresses(item.Owners.Select(owner => owner.Thread).Union(In(Acquiring)).Union(In(Releasing)));
        MustWait = Addresses(item.Waiters.Select(waiter => waiter.Thread).Except(moving));
        MayWait = Addresses(item.Waiters.Select(waiter => waiter.Thread).Union(In(Acquiring)).Union(In(Queueing)));
    }

    /// <summary>The state.</summary>
    public LockState State { get; }

    /// <summary>The lock.</summary>
    public StateLock Item { get; }

    /// <summary>Its first 64 bits.</summary>
    public ulong Value { get; }

    /// <summary>Threads that have to be told as owners.</summary>
    public IReadOnlySet<ulong> MustOwn { get; }

    /// <summary>Threads that may be.</summary>
    public IReadOnlySet<ulong> MayOwn { get; }

    /// <summary>Threads that have to be told as waiters.</summary>
    public IReadOnlySet<ulong> MustWait { get; }

    /// <summary>Threads that may be.</summary>
    public IReadOnlySet<ulong> MayWait { get; }

    /// <summary>It is a push lock.</summary>
    public bool IsPushLock => Item.Kind == "push lock";

    /// <summary>A push lock that threads wait for through ExBlockPushLock: it has no flag bits, no owner and no modes.</summary>
    public bool IsBlocked => State.Set == "blocked";

    /// <summary>Threads of this build have lock entries.</summary>
    public bool HasEntries => kernel.Types.SizeOf("_KLOCK_ENTRY") is not null;

    /// <summary>
    /// The lock does not say for sure whether it is shared: that stands in the oldest wait block, was written when the first
    /// waiter came, and may be out of date unless MultipleShared is set.
    /// </summary>
    public bool SharesAreUncertain => IsPushLock && Item.IsContended && (Value & 8) == 0;

    /// <summary>
    /// The kind need not be told of a push lock that was just given up and that nobody waits for: its word is 0, and all
    /// that leads to it is the lock entry of its last owner, which is the same for every kind of lock.
    /// </summary>
    public bool MayBeUnknown(LockAnswer answer) => answer.Kind == "unknown" && Value == 0 && MayWait.Count == 0 && !Item.IsSteady;

    /// <summary>Threads lead to it, so that it belongs into a list of all locks that threads own or wait for.</summary>
    public bool MustBeListed =>
        (!IsPushLock && Item.IsContended) ||
            (HasEntries && State.Threads.Any(thread =>
            thread.Claims.Any(claim => claim.Lock == Item.Id && claim.Entry is "owns" or "waits")));

    /// <summary>The address of one of the state's threads.</summary>
    public ulong Thread(int number) => kernel.Thread(LockStateMachine.ThreadName(State, number));

    /// <summary>The waiter of a thread; null when it is none.</summary>
    public StateWaiter? Waiter(ulong thread) => Item.Waiters.FirstOrDefault(waiter => Thread(waiter.Thread) == thread);

    /// <summary>True for the wait block of a waiter that does not sleep yet, whose thread need not be known.</summary>
    public bool IsBlockOfQueueing(ulong block) =>
        Item.Waiters.Any(waiter => waiter.Block == block && Item.InFlight.Any(step => step.Thread == waiter.Thread));

    /// <summary>True for an address on the stack of one of the state's threads.</summary>
    public bool IsOnStack(ulong thread, ulong address) =>
        State.Threads.Index().Any(pair => Thread(pair.Index) == thread && address >= pair.Item.StackLimit && address < pair.Item.StackBase);

    /// <summary>How messages call a thread: by its number in the state, else by its name or its address.</summary>
    public string Name(ulong? thread)
    {
        if (thread is null) return "?";
        string? name = kernel.Threads.FirstOrDefault(placed => placed.Address == thread)?.Spec.Name;
        return name is null ? $"0x{thread:x} (no thread)" : name.StartsWith(State.Id + ".", StringComparison.Ordinal)
            ? name[(State.Id.Length + 1)..] : name;
    }

    /// <summary>"; 2 woken, not running yet" and so on; empty for a steady lock.</summary>
    public string StepsInWords => string.Concat(Item.InFlight.Select(step => $"; {step.Thread} {step.Step}"));

    private HashSet<ulong> Addresses(IEnumerable<int> threads) => [.. threads.Select(Thread)];
}
