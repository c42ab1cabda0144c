using LockLeak.DbgEng;

namespace LockLeak.Host;

/// <summary>
/// A live machine at the other end of a KD connection: stopped while it is asked, running otherwise. Whatever happens, the
/// machine runs when this is disposed.
/// </summary>
/// <param name="engine">The engine.</param>
/// <param name="sink">What the engine prints.</param>
/// <param name="watchdog">Ends the process when the machine is silent.</param>
/// <param name="failures">Where the reason of an end is written.</param>
/// <param name="connection">As kd's -k takes it: "com:pipe,port=\\.\pipe\vm1,resets=0,reconnect".</param>
/// <param name="patience">How long to wait for the machine's first answer; null for as long as it takes.</param>
internal sealed class KdConnection(EngineClient engine, OutputSink sink, Watchdog watchdog, Failures failures, string connection,
    TimeSpan? patience) : ITarget
{
    /// <summary>How long a machine that was just asked to stop may take to say so: longer, and it has not heard.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>INFINITE: a kernel connection takes no other limit (E_NOTIMPL).</summary>
    private const uint Infinite = uint.MaxValue;

    private readonly Lock sync = new();
    private readonly CancellationTokenSource cancellation = new();
    private ConnectionWait? wait;
    private State state = State.Closed;

    private enum State
    {
        Closed,
        Waiting,
        Stopped,
        Running,
    }

    public CancellationToken Cancelled => cancellation.Token;

    /// <summary>Waits for the machine and stops it.</summary>
    public void Open()
    {
        Engine.Require(engine.Control.AddEngineOptions(DEBUG_ENGOPT.INITIAL_BREAK), "the engine does not stop a machine");
        FollowProtocol();
        int result = HResult.Ok;
        string printed = sink.During(() => result = engine.Client.AttachKernelWide(DEBUG_ATTACH_KERNEL.CONNECTION, connection));
        Engine.Check(printed);
        Engine.Require(result, ErrorCode.NoConnection, $"the connection cannot be opened (-v shows the engine's reason): {connection}");
        ThrowIfCancelled();
        if (patience is { } limit)
        {
            watchdog.Await($"waiting for it on {connection}", limit);
        }

        Set(State.Waiting);
        using (Wait())
        {
            result = engine.Control.WaitForEvent(0, Infinite);
        }

        Set(State.Stopped);
        Engine.Require(result, ErrorCode.NoAnswer, $"the machine does not stop: {connection}");
        watchdog.Rest();
        ThrowIfCancelled();
    }

    /// <summary>Finds its modules.</summary>
    public void Prepare()
    {
        watchdog.Guard("loading the list of its modules");
        // The engine keeps 1 MB of what it has read, less than a walk over 2,000 threads needs: a fifth of it was read
        // twice, and all of it again for the next command. 64 MB, in hexadecimal KB; what is kept goes when the machine runs.
        Execute(".cache 10000");
        // Until then the engine knows of nt alone.
        Execute(".reload");
        watchdog.Rest();
        ThrowIfCancelled();
    }

    /// <summary>
    /// Lets the machine run for a while and stops it again. When it is restarted meanwhile, it stops when it has come back.
    /// </summary>
    /// <returns>False when it stopped by itself.</returns>
    public bool RunFor(TimeSpan time)
    {
        bool asked = false;
        Engine.Require(Execute("g"), "the machine cannot be let run");
        Set(State.Running);
        using (Wait())
        using (new Timer(_ => TimeIsUp(), null, time, Timeout.InfiniteTimeSpan))
        {
            Engine.Require(engine.Control.WaitForEvent(0, Infinite), "the machine does not stop");
        }

        Set(State.Stopped);
        watchdog.Rest();
        return asked;

        void TimeIsUp()
        {
            lock (sync)
            {
                if (state == State.Running && ConnectionWait.IsThere(engine))
                {
                    asked = true;
                    AskToStop();
                }
            }
        }
    }

    /// <summary>
    /// Ends what is going on: a command is stopped, a running machine is stopped so that it can be let go in order. A machine
    /// that has not answered yet is given a moment, lest a request to stop that is under way leaves it stopped.
    /// </summary>
    public void Cancel()
    {
        cancellation.Cancel();
        lock (sync)
        {
            if (state == State.Running && ConnectionWait.IsThere(engine))
            {
                AskToStop();
            }
            else if (state == State.Stopped)
            {
                engine.Control.SetInterrupt(DEBUG_INTERRUPT.ACTIVE);
            }
        }

        if (IsStillWaiting())
        {
            Thread.Sleep(Grace);
            if (IsStillWaiting())
            {
                EndUnanswered();
            }
        }
    }

    /// <summary>Lets the machine run on.</summary>
    public void Dispose()
    {
        if (state is State.Stopped or State.Running)
        {
            watchdog.Guard("letting it run on");
            if (engine.Client.EndSession(DEBUG_END.ACTIVE_DETACH) < 0)
            {
                Console.Error.WriteLine($"lockleak: the machine cannot be let run on. {Watchdog.MayBeStopped}");
            }

            watchdog.Rest();
        }

        Set(State.Closed);
        cancellation.Dispose();
    }

    private ConnectionWait Wait() => wait = new(engine, connection, Gone, back: () => watchdog.Guard("attaching to it"));

    private void Gone()
    {
        watchdog.Rest();
        if (cancellation.IsCancellationRequested)
        {
            // It went down while it was asked to stop, and may be away for long.
            EndUnanswered();
        }
    }

    private void EndUnanswered()
    {
        failures.Write(ErrorCode.Cancelled, $"ended before the machine answered. {Watchdog.MayBeStopped}");
        Watchdog.End(ExitCode.CouldNotRun);
    }

    // Without it the engine would not show whether it waits, nor that a machine answers that it does not know yet.
    private void FollowProtocol()
    {
        sink.Protocol = new KdProtocol(watchdog.Asked, watchdog.Answered, heard: () => wait?.Hear()).Take;
        Engine.Require(engine.Client.GetOutputMask(out DEBUG_OUTPUT mask), "the engine does not say what it prints");
        Engine.Require(engine.Client.SetOutputMask(mask | (DEBUG_OUTPUT)DEBUG_IOUTPUT.KD_PROTOCOL),
            "the engine does not show what it asks a machine");
    }

    private int Execute(string command) =>
        engine.Control.ExecuteWide(DEBUG_OUTCTL.THIS_CLIENT, command, DEBUG_EXECUTE.NOT_LOGGED | DEBUG_EXECUTE.NO_REPEAT);

    private bool IsStillWaiting()
    {
        lock (sync)
        {
            return state is State.Waiting or State.Running && !ConnectionWait.IsThere(engine);
        }
    }

    private void AskToStop()
    {
        watchdog.Await("stopping it");
        engine.Control.SetInterrupt(DEBUG_INTERRUPT.ACTIVE);
    }

    private void ThrowIfCancelled()
    {
        if (cancellation.IsCancellationRequested)
        {
            throw new HostException(ErrorCode.Cancelled, "ended; the machine runs on");
        }
    }

    private void Set(State value)
    {
        lock (sync)
        {
            state = value;
        }
    }
}
