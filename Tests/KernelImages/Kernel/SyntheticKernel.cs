using KernelImages.Memory;
using KernelImages.Scenarios;
using KernelImages.Symbols;
using LockLeak.Layouts;
using LockLeak.Target;

namespace KernelImages.Kernel;

/// <summary>A scenario as the memory of a machine with a given Windows build.</summary>
public sealed class SyntheticKernel
{
    private readonly Dictionary<string, ulong> _locks = [];
    private readonly Dictionary<string, PlacedThread> _threads = [];
    private readonly Dictionary<ulong, PlacedThread> _threadsByAddress = [];

    internal SyntheticKernel(Scenario scenario, KernelTypes types, ModuleMap modules)
    {
        Scenario = scenario;
        Types = types;
        Modules = modules;
        Typed = new TypedMemory(Memory, types);
    }

    /// <summary>What was built.</summary>
    public Scenario Scenario { get; }

    /// <summary>The types and symbols it was built with.</summary>
    public KernelTypes Types { get; }

    /// <summary>The kernel and the drivers.</summary>
    public ModuleMap Modules { get; }

    /// <summary>Virtual and physical memory, page tables included.</summary>
    public AddressSpace Memory { get; } = new();

    /// <summary>The same memory by field names.</summary>
    public TypedMemory Typed { get; }

    /// <summary>Processes in the order of PsActiveProcessHead, which leaves the Idle process out.</summary>
    public IReadOnlyList<PlacedProcess> Processes { get; internal set; } = [];

    /// <summary>All threads by process.</summary>
    public IReadOnlyList<PlacedThread> Threads { get; internal set; } = [];

    /// <summary>The processors by number.</summary>
    public IReadOnlyList<PlacedProcessor> Processors { get; internal set; } = [];

    /// <summary>The processor that the debugger shows first: the one that called KeBugCheckEx.</summary>
    public int CurrentProcessor { get; internal set; }

    /// <summary>Its bug check, or null.</summary>
    public BugCheck? BugCheck { get; internal set; }

    /// <summary>Address of KDDEBUGGER_DATA64.</summary>
    public ulong DebuggerData => Modules.Kernel("KdDebuggerDataBlock");

    internal Pool Pool { get; } = new(0xffffc788_00010000);

    internal Region Stacks { get; } = new(0xfffffb80_60000000);

    /// <summary>Builds a scenario.</summary>
    /// <param name="scenario">The situation.</param>
    /// <param name="types">The Windows build.</param>
    /// <param name="images">Images of the kernel and drivers to put into memory; without them there are no image headers.</param>
    public static SyntheticKernel Build(Scenario scenario, KernelTypes types, params IReadOnlyList<ModuleImage> images) =>
        KernelBuilder.Build(scenario, types, images);

    /// <summary>Builds a scenario with the images of its build and of TestDriver in memory, as a dump of it has them.</summary>
    /// <param name="scenario">The situation.</param>
    /// <param name="types">The Windows build.</param>
    public static SyntheticKernel WithImages(Scenario scenario, KernelTypes types) => Build(scenario, types, PrebuiltImages.Of(types));

    /// <summary>The build to show a scenario on: 22621, or else the newest one that it can happen on.</summary>
    public static string UsualBuild(Scenario scenario) =>
        scenario.IsPossibleOn(22621) ? "10.0.22621"
        : KernelTypes.Builds.Last(build => scenario.IsPossibleOn(KernelTypes.Load(build).Build));

    /// <summary>The address of a thread (_ETHREAD).</summary>
    public ulong Thread(string name) => _threads[name].Address;

    /// <summary>The address of a lock.</summary>
    public ulong Lock(string name) => _locks[name];

    /// <summary>The address of a thread's lock entry for a lock; 0 when it has none.</summary>
    public ulong Entry(string thread, string lockName) =>
        _threads[thread].Entries.FirstOrDefault(entry => entry.Lock?.Name == lockName)?.Address ?? 0;

    /// <summary>
    /// Parameter 4 of bug check 0x153: the lock that a thread's entry names. 26H1 gives the entry's first word, which leads to
    /// the lock's head entry when the entry is linked (AutoBoost::KiAbpCleanupThreadEntries).
    /// </summary>
    public ulong LockWord(string thread, string lockName) =>
        AutoBoostEntries.AreInForce(this) && Entry(thread, lockName) is var entry and not 0 ? Typed.GetQuad(entry) : Lock(lockName);

    /// <summary>Everything that is known of a thread.</summary>
    public PlacedThread Placed(string thread) => _threads[thread];

    /// <summary>The thread at an address; null when there is none.</summary>
    public PlacedThread? ThreadAt(ulong address) => _threadsByAddress.GetValueOrDefault(address);

    internal void Add(PlacedThread thread)
    {
        _threads.Add(thread.Spec.Name, thread);
        _threadsByAddress.Add(thread.Address, thread);
    }

    internal void Add(LockSpec lockSpec, ulong address) => _locks.Add(lockSpec.Name, address);
}
