using LockLeak.DbgEng;
using LockLeak.Target;

namespace LockLeak.Extension;

/// <summary>The machine under the debugger, asked of the engine.</summary>
internal sealed unsafe class EngineTarget(EngineClient engine, UserBreak userBreak, EngineTypes types) : ITarget
{
    private TargetFacts? facts;
    private IReadOnlyList<ulong>? runningThreads;

    public TargetFacts Facts => facts ??= AskFacts();

    public BugCheck? BugCheck =>
        engine.Control.ReadBugCheckData(out uint code, out ulong first, out ulong second, out ulong third, out ulong fourth) >= 0 &&
        code != 0
            ? new BugCheck(code, first, second, third, fourth)
            : null;

    public ITypes Types => types;

    public ISymbols Symbols { get; } = new EngineSymbols(engine, userBreak);

    public IReadOnlyList<ulong> RunningThreads => runningThreads ??= AskRunningThreads();

    /// <remarks>From what the processor saved when the machine stopped; the engine's own way would change what the user looks at.</remarks>
    public ulong InstructionPointer(int processor)
    {
        ulong prcb = ProcessorData((uint)processor, DEBUG_DATA_PROCESSOR.KPRCB_OFFSET);
        Span<byte> pointer = stackalloc byte[sizeof(ulong)];
        return prcb != 0 && types.Field("_KPRCB", "ProcessorState.ContextFrame.Rip") is { } rip &&
            Read(prcb + (ulong)rip.Offset, pointer) == pointer.Length
            ? BitConverter.ToUInt64(pointer)
            : 0;
    }

    public ulong CurrentThread => engine.Threads.GetImplicitThreadDataOffset(out ulong thread) >= 0 ? thread : 0;

    public IEnumerable<string> PoolTagTable => LoadedEngine.Lines("triage", "pooltag.txt");

    public int Read(ulong address, Span<byte> buffer)
    {
        // On a live machine a break ends the read under way, and each one after it until somebody takes note.
        int result;
        uint read;
        do
        {
            result = engine.DataSpaces.ReadVirtual(address, buffer, out read);
        }
        while (result < 0 && userBreak.Arrived());

        return result >= 0 ? (int)read : 0;
    }

    public bool TryGetGlobal(KernelGlobal global, out ulong address)
    {
        DEBUG_DATA index = global switch
        {
            KernelGlobal.PsActiveProcessHead => DEBUG_DATA.PsActiveProcessHeadAddr,
            KernelGlobal.ExpSystemResourcesList => DEBUG_DATA.ExpSystemResourcesListAddr,
            KernelGlobal.NtBuildLab => DEBUG_DATA.NtBuildLabAddr,
            _ => throw new ArgumentOutOfRangeException(nameof(global)),
        };

        ulong value = 0;
        bool known = engine.Memory.ReadDebuggerData(index, &value, sizeof(ulong), null) >= 0 && value != 0;
        address = known ? value : 0;
        return known;
    }

    private TargetFacts AskFacts()
    {
        if (engine.Control.GetDebuggeeType(out DEBUG_CLASS debuggee, out uint qualifier) < 0 || debuggee == DEBUG_CLASS.UNINITIALIZED)
        {
            return new TargetFacts(TargetKind.None, IsKernel: false, IsTriageDump: false, Build: 0, PointerSize: 0, Machine: 0);
        }

        bool isDump = qualifier >= (uint)DEBUG_DUMP.SMALL;
        uint build = engine.Control.GetSystemVersionValues(out _, out _, out _, out _, out uint kdMinor) >= 0 ? kdMinor : 0;
        uint machine = engine.Control.GetActualProcessorType(out uint type) >= 0 ? type : 0;
        return new TargetFacts(
            isDump ? TargetKind.Dump : TargetKind.Live,
            IsKernel: debuggee == DEBUG_CLASS.KERNEL,
            IsTriageDump: qualifier == (uint)DEBUG_DUMP.SMALL,
            build,
            PointerSize: machine is Machine.Amd64 or Machine.Arm64 ? 8 : 4,
            machine)
        {
            Dump = !isDump ? DumpKind.Unknown : (DEBUG_DUMP)qualifier switch
            {
                DEBUG_DUMP.SMALL => DumpKind.Small,
                DEBUG_DUMP.DEFAULT => DumpKind.Kernel,
                DEBUG_DUMP.FULL => DumpKind.Full,
                DEBUG_DUMP.ACTIVE => DumpKind.Active,
                _ => DumpKind.Unknown,
            },
        };
    }

    private ulong[] AskRunningThreads()
    {
        if (engine.Control.GetNumberProcessors(out uint processors) < 0)
        {
            return [];
        }

        var threads = new ulong[processors];
        for (uint processor = 0; processor < processors; processor++)
        {
            threads[processor] = ProcessorData(processor, DEBUG_DATA_PROCESSOR.KTHREAD_OFFSET);
        }

        return threads;
    }

    private ulong ProcessorData(uint processor, DEBUG_DATA_PROCESSOR index)
    {
        ulong value = 0;
        return engine.Memory.ReadProcessorSystemData(processor, index, &value, sizeof(ulong), null) >= 0 ? value : 0;
    }
}
