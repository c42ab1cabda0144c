using LockLeak.DbgEng;

namespace LockLeak.Host;

/// <summary>A crash dump.</summary>
/// <param name="engine">The engine that opens it.</param>
/// <param name="sink">What the engine prints.</param>
/// <param name="path">Where it lies.</param>
internal sealed class DumpFile(EngineClient engine, OutputSink sink, string path) : ITarget
{
    private const uint OpenMilliseconds = 120_000;
    private readonly CancellationTokenSource cancellation = new();

    public CancellationToken Cancelled => cancellation.Token;

    public void Open()
    {
        if (!File.Exists(path))
        {
            throw new HostException($"no such file: {path}");
        }

        int result = HResult.Ok;
        string printed = sink.During(() => result = engine.Client.OpenDumpFileWide(Path.GetFullPath(path), 0));
        Engine.Check(printed);
        Engine.Require(result, $"the debugger cannot open {path} as a crash dump");
        Engine.Require(engine.Control.WaitForEvent(0, OpenMilliseconds), $"the debugger cannot read {path}");
        if (engine.Control.GetDebuggeeType(out DEBUG_CLASS debuggee, out _) < 0 || debuggee != DEBUG_CLASS.KERNEL)
        {
            throw new HostException($"{path} is not a kernel dump; kernel locks are only in those");
        }
    }

    public void Cancel()
    {
        cancellation.Cancel();
        engine.Control.SetInterrupt(DEBUG_INTERRUPT.ACTIVE);
    }

    public void Dispose()
    {
        engine.Client.EndSession(DEBUG_END.PASSIVE);
        cancellation.Dispose();
    }
}
