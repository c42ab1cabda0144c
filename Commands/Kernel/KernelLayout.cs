using System.Globalization;
using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>Everything that the commands know of the structures of one Windows build, resolved once for a target.</summary>
internal sealed class KernelLayout
{
    private readonly ITypes types;
    private readonly Lazy<LockFields> locks;
    private readonly Lazy<AlpcFields?> alpc;
    private readonly Lazy<WorkQueueFields?> workQueue;
    private readonly Lazy<ProcessorFields?> processor;

    private KernelLayout(ITypes types, string source, ThreadFields thread, ProcessFields process, LockEntryFamily family,
        LockEntrySet? entries)
    {
        this.types = types;
        Source = source;
        Thread = thread;
        Process = process;
        Family = family;
        Entries = entries;
        ThreadSize = Math.Max(thread.End, entries?.End ?? 0);
        locks = new Lazy<LockFields>(() => LockFields.Resolve(types));
        alpc = new Lazy<AlpcFields?>(() => AlpcFields.TryResolve(types));
        processor = new Lazy<ProcessorFields?>(() => ProcessorFields.TryResolve(types));
        workQueue = new Lazy<WorkQueueFields?>(() => WorkQueueFields.TryResolve(types));
    }

    /// <summary>Where the types come from, for the report: "PDB" or "built-in (22621)".</summary>
    public string Source { get; }

    /// <summary>True when the types are not those of the target's own symbols.</summary>
    public bool IsBuiltIn { get; private init; }

    /// <summary>Fields of _ETHREAD and _KTHREAD.</summary>
    public ThreadFields Thread { get; }

    /// <summary>Fields of _EPROCESS.</summary>
    public ProcessFields Process { get; }

    /// <summary>Which generation of lock entries this kernel has.</summary>
    public LockEntryFamily Family { get; }

    /// <summary>How threads lead to their lock entries; null where there are none or they are of an unknown kind.</summary>
    public LockEntrySet? Entries { get; }

    /// <summary>
    /// Bytes of an _ETHREAD that hold everything that is looked at. The size of the type would be wrong: inside 26100 it is 0x788
    /// or 0x798, and a small dump may lack the last bytes.
    /// </summary>
    public int ThreadSize { get; }

    /// <summary>Fields of wait blocks and of the locks themselves; looked up when a lock is first taken apart.</summary>
    public LockFields Locks => locks.Value;

    /// <summary>
    /// Fields of ALPC messages and ports; null where the build lacks them. Looked up when a thread first waits for an answer.
    /// </summary>
    public AlpcFields? Alpc => alpc.Value;

    /// <summary>Fields of the worker threads' queues; null where the build lacks them. Looked up when a finder first asks.</summary>
    public WorkQueueFields? WorkQueue => workQueue.Value;

    /// <summary>Fields of processors; null where the kernel's types have only the public part of _KPRCB.</summary>
    public ProcessorFields? Processor => processor.Value;

    /// <summary>sizeof(_POOL_TRACKER_TABLE) by the kernel's own symbols, without which its table is not found either; else 0.</summary>
    public int PoolTrackerSize => IsBuiltIn ? 0 : types.SizeOf("_POOL_TRACKER_TABLE") ?? 0;

    /// <summary>
    /// A _KWAIT_REASON by name; one that is newer than LockLeak by the name in the kernel's own symbols, or else its number.
    /// </summary>
    public string WaitReasonName(byte reason) =>
        WaitReasons.Name(reason) ?? types.EnumName("_KWAIT_REASON", reason) ?? reason.ToString(CultureInfo.InvariantCulture);

    /// <summary>True when these types have a field, such as "_KTHREAD.State".</summary>
    internal bool Has(string field) => field.Split('.', 2) is [var type, var path] && types.Field(type, path) is not null;

    /// <summary>Looks up what every command needs.</summary>
    /// <param name="types">Type information of the kernel image.</param>
    /// <param name="source">Its name for the report.</param>
    /// <param name="isBuiltIn">True when they are not those of the target's own symbols.</param>
    /// <param name="smallEntries">True when the kernel says that generation D is in force.</param>
    /// <returns>Null when these types do not describe a kernel's threads and processes.</returns>
    public static KernelLayout? TryResolve(ITypes types, string source, bool isBuiltIn = false, bool smallEntries = false)
    {
        if (ThreadFields.TryResolve(types) is not { } thread || ProcessFields.TryResolve(types) is not { } process)
        {
            return null;
        }

        LockEntryFamily family = LockEntryFamilies.Detect(types, smallEntries);
        return new KernelLayout(types, source, thread, process, family,
            LockEntryFamilies.Describe(family, types))
        { IsBuiltIn = isBuiltIn };
    }
}
