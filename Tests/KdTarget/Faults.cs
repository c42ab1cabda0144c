namespace KdTarget;

/// <summary>What can go wrong between a debugger and its target.</summary>
public enum Fault
{
    /// <summary>A reply arrives with a wrong checksum.</summary>
    CorruptReply,

    /// <summary>Only the first half of a reply arrives.</summary>
    TruncateReply,

    /// <summary>A reply does not arrive.</summary>
    LoseReply,

    /// <summary>A reply arrives twice.</summary>
    RepeatReply,

    /// <summary>A reply arrives late, by <see cref="Faults.Delay"/>.</summary>
    DelayReply,

    /// <summary>Bytes that are no packet arrive before a reply.</summary>
    JunkBeforeReply,

    /// <summary>A request does not reach the target.</summary>
    LoseRequest,

    /// <summary>A request reaches the target, its acknowledgement does not reach the debugger.</summary>
    LoseAcknowledge,

    /// <summary>An answer has less memory than was asked for, and says so.</summary>
    ShortAnswer,

    /// <summary>An answer has less memory than it says.</summary>
    WrongLength,

    /// <summary>An answer has other memory than the machine's, with a checksum that is right.</summary>
    WrongMemory,

    /// <summary>The target falls silent when a request reaches it, until <see cref="Faults.Thaw"/>.</summary>
    Freeze,

    /// <summary>The connection closes when a request reaches the target, before it is answered.</summary>
    Close,

    /// <summary>The connection closes when a reply has been sent, before the debugger acknowledges it.</summary>
    CloseAfterReply,
}

/// <summary>The faults that a test asks for. Safe to use from any thread while the target works.</summary>
public sealed class Faults
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Fault, Plan> _plans = [];
    private TaskCompletionSource? _frozen;
    private long _latencyTicks;

    /// <summary>Added before every packet that the target sends; zero by default.</summary>
    public TimeSpan Latency
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _latencyTicks));
        set => Interlocked.Exchange(ref _latencyTicks, value.Ticks);
    }

    /// <summary>How late a reply comes that is late.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>True while the target neither hears nor answers.</summary>
    public bool IsFrozen
    {
        get
        {
            lock (_lock)
                return _frozen is not null;
        }
    }

    /// <summary>Makes a fault happen at its next occasions.</summary>
    /// <param name="fault">What goes wrong.</param>
    /// <param name="times">How often.</param>
    /// <param name="after">How many occasions pass well before the first.</param>
    public void Next(Fault fault, int times = 1, int after = 0) => Set(fault, new Plan { Skip = after, Times = times, Every = 1 });

    /// <summary>Makes a fault happen at every <paramref name="nth"/> occasion, until <see cref="Clear"/>.</summary>
    public void Every(Fault fault, int nth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nth, 1);
        Set(fault, new Plan { Skip = nth - 1, Times = int.MaxValue, Every = nth });
    }

    /// <summary>Makes the target silent from now on.</summary>
    public void Freeze()
    {
        lock (_lock)
            _frozen ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Wakes a silent target; it goes on where it was.</summary>
    public void Thaw()
    {
        lock (_lock)
        {
            _frozen?.SetResult();
            _frozen = null;
        }
    }

    /// <summary>Ends all faults.</summary>
    public void Clear()
    {
        lock (_lock)
            _plans.Clear();
        Latency = TimeSpan.Zero;
        Thaw();
    }

    /// <summary>Whether the fault happens on this occasion.</summary>
    internal bool Take(Fault fault)
    {
        lock (_lock)
            return _plans.TryGetValue(fault, out Plan? plan) && plan.Take();
    }

    /// <summary>Returns at once, or when a frozen target has been woken.</summary>
    internal Task WhileFrozenAsync(CancellationToken cancellation)
    {
        lock (_lock)
            return _frozen is { } frozen ? frozen.Task.WaitAsync(cancellation) : Task.CompletedTask;
    }

    private void Set(Fault fault, Plan plan)
    {
        lock (_lock)
            _plans[fault] = plan;
    }

    private sealed class Plan
    {
        public required int Skip { get; set; }
        public required int Times { get; set; }
        public required int Every { get; init; }

        public bool Take()
        {
            if (Times == 0)
                return false;
            if (Skip > 0)
            {
                Skip--;
                return false;
            }
            Skip = Every - 1;
            Times--;
            return true;
        }
    }
}
