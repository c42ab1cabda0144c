using System.Security.Cryptography;
using LockLeak.DbgEng;

namespace LockLeak.Host;

/// <summary>A crash dump.</summary>
/// <param name="engine">The engine that opens it.</param>
/// <param name="sink">What the engine prints.</param>
/// <param name="path">Where it lies.</param>
internal sealed class DumpFile(EngineClient engine, OutputSink sink, string path) : ITarget
{
    private const uint OpenMilliseconds = 120_000;
    private readonly string wholePath = Path.GetFullPath(path);
    private readonly CancellationTokenSource cancellation = new();

    public CancellationToken Cancelled => cancellation.Token;

    /// <summary>What the engine found wrong with the file when it opened it; null when nothing was.</summary>
    public string? Damage { get; private set; }

    /// <summary>What tells the dump from others.</summary>
    /// <param name="withHash">Reads all of it for its SHA-256.</param>
    public DumpIdentity Identify(bool withHash)
    {
        using FileStream file = new(wholePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return new DumpIdentity(path, file.Length, withHash ? Convert.ToHexStringLower(SHA256.HashData(file)) : null, Damage);
    }

    public void Open()
    {
        if (!File.Exists(wholePath))
        {
            throw new HostException(ErrorCode.NoSuchFile, $"no such file: {path}");
        }

        int result = HResult.Ok;
        string printed = sink.During(() => result = engine.Client.OpenDumpFileWide(wholePath, 0));
        Engine.Check(printed);
        Engine.Require(result, ErrorCode.NotADump, $"the debugger cannot open {path} as a crash dump");
        printed += sink.During(() => result = engine.Control.WaitForEvent(0, OpenMilliseconds));
        Engine.Require(result, ErrorCode.NotADump, $"the debugger cannot read {path}");
        Damage = DamageIn(printed);
        if (engine.Control.GetDebuggeeType(out DEBUG_CLASS debuggee, out _) < 0 || debuggee != DEBUG_CLASS.KERNEL)
        {
            throw new HostException(ErrorCode.NotAKernelDump, $"{path} is not a kernel dump; kernel locks are only in those");
        }
    }

    // "WARNING: Dump file has been truncated.  Data may be missing.", "THIS DUMP FILE IS PARTIALLY CORRUPT."
    private static string? DamageIn(string printed) =>
        printed.Contains("Dump file has been truncated", StringComparison.Ordinal) ? "the dump file is cut off"
        : printed.Contains("DUMP FILE IS PARTIALLY CORRUPT", StringComparison.Ordinal) ? "the dump file is damaged"
        : null;

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
