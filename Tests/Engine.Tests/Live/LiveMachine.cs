using KdTarget;
using KdTarget.Machine;
using KdTarget.Transport;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Layouts;

namespace LockLeak.Engine.Tests;

/// <summary>A machine that waits for a debugger on a TCP port: a scenario whose memory the test may change while it is looked at.</summary>
internal sealed class LiveMachine : IAsyncDisposable
{
    private readonly TcpTransport tcp = new();
    private readonly KernelTypes types;

    public LiveMachine(string scenario, string build = Dumps.Usual)
        : this(ScenarioLibrary.Find(scenario), build)
    {
    }

    public LiveMachine(Scenario scenario, string build = Dumps.Usual)
    {
        types = KernelTypes.Load(build);
        Symbols = Dumps.Of(Walkthrough.PushLock153.Name, build).Symbols;
        Kernel = SyntheticKernel.WithImages(scenario, types);
        Memory = new ChangingMachine(new SyntheticMachine(Kernel));
        Server = new KdServer(Memory, tcp);
    }

    /// <summary>The kernel, with the names of its threads and locks.</summary>
    public SyntheticKernel Kernel { get; private set; }

    /// <summary>The same memory, which can be told to change after a number of reads.</summary>
    public ChangingMachine Memory { get; }

    /// <summary>The target's end of the link: faults, counts, whether the machine runs.</summary>
    public KdServer Server { get; }

    /// <summary>Where the symbols of its modules are, and the modules.</summary>
    public string Symbols { get; }

    /// <summary>The port that it listens on.</summary>
    public int Port => tcp.Port;

    /// <summary>Starts lockleak on the machine. The engine's own pause before it sends again is shortened from 4 s.</summary>
    public LiveSession Attach(params IEnumerable<string> options) =>
        AttachThrough($"com:ipport={Port},port=127.0.0.1,timeout=200", options);

    /// <summary>Starts lockleak on the machine and waits until it takes commands (<see cref="LiveSession.Send"/>).</summary>
    public async Task<LiveSession> AttachScriptAsync(params IEnumerable<string> options)
    {
        LiveSession session = Attach(["--script", .. options]);
        session.Send("!lockhelp");
        await session.PrintsAsync("!lockhelp");
        return session;
    }

    /// <summary>Starts lockleak on the machine.</summary>
    public LiveSession AttachThrough(string connection, params IEnumerable<string> options) =>
        new(["-k", connection, "-y", Symbols, "-i", Symbols, .. options]);

    /// <summary>Restarts the machine, which is another scenario afterwards, at other addresses.</summary>
    public void Restart(string scenario, TimeSpan down)
    {
        const ulong further = 0x1_00000000;
        Scenario next = ScenarioLibrary.Find(scenario);
        var kernel = SyntheticKernel.WithImages(next with { KernelBase = next.KernelBase + further }, types);
        Server.Restart(async cancellation =>
        {
            await Task.Delay(down, cancellation);
            Kernel = kernel;
            Memory.Become(new SyntheticMachine(kernel));
        });
    }

    /// <summary>Waits until a debugger has stopped the machine.</summary>
    public Task StoppedAsync() => UntilAsync(() => !Server.IsRunning);

    /// <summary>Waits until the debugger has let the machine run.</summary>
    public Task RunningAsync() => UntilAsync(() => Server.IsRunning);

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    public static async Task UntilAsync(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(Lockleak.TimeLimit);
        while (!holds())
            await Task.Delay(10, limit.Token);
    }
}
