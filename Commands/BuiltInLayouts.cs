using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak;

/// <summary>Chooses built-in types for a kernel without symbols: by build number, and then checked against the target.</summary>
internal static class BuiltInLayouts
{
    /// <summary>Threads that are asked for the shape of their lock entries; the first ones may not have any yet.</summary>
    private const int AskedThreads = 16;

    /// <summary>Why there is no layout for a target.</summary>
    public static string WhyNone(TargetFacts facts) =>
        facts.Machine != Machine.Amd64 ? "the built-in types are those of x64"
        : facts.Build < BuiltInTypes.Builds[0] ? $"build {facts.Build} has no built-in types"
        : $"the built-in types do not fit the memory of this build {facts.Build}";

    /// <summary>
    /// The layout for a target; null when it is no x64 kernel, its build is too old or the types do not fit what is in memory.
    /// </summary>
    /// <remarks>A build without types of its own gets those of the nearest older build, if they fit.</remarks>
    public static KernelLayout? Resolve(ITarget target)
    {
        uint build = target.Facts.Build;
        uint nearest = BuiltInTypes.Builds.LastOrDefault(known => known <= build);
        if (nearest == 0 || target.Facts.Machine != Machine.Amd64)
        {
            return null;
        }

        BuiltInTypes types = BuiltInTypes.Load(nearest);
        string source = nearest == build ? $"built-in ({nearest})" : $"built-in ({nearest}; build {build} has none of its own)";
        KernelLayout? layout = KernelLayout.TryResolve(types, source, isBuiltIn: true);
        if (layout is null || SampleThreads(target, layout) is not { Count: > 0 } threads)
        {
            return null;
        }

        return layout.Family == LockEntryFamily.C && HasSmallEntries(target, layout, threads)
            ? KernelLayout.TryResolve(types, source, isBuiltIn: true, smallEntries: true)
            : layout;
    }

    /// <summary>
    /// Threads of the System process, or where none can be reached the thread at hand: those that hold together as threads
    /// under this layout. None when most do not, so that the layout is not that of the kernel in memory.
    /// </summary>
    private static List<Window> SampleThreads(ITarget target, KernelLayout layout)
    {
        var memory = new KernelMemory(target);
        var notes = new Notes();
        KernelProcess? system = new ProcessWalker(target, memory, layout.Process, notes).Walk().FirstOrDefault();
        if (system is not null and not { UniqueProcessId: 4, ImageFileName: "System" })
        {
            return [];
        }

        List<ThreadAddress> addresses = [];
        var walker = new ThreadWalker(memory, layout, notes);
        ThreadWalk? walk = system is null ? null : new ThreadWalk(system, addresses);
        while (walk is not null && addresses.Count < AskedThreads && walker.TryNext(walk, out _))
        {
            // The walk takes them in.
        }

        if (addresses.Count == 0)
        {
            addresses = [new ThreadAddress(target.CurrentThread)];
        }

        List<Window> threads =
            [.. addresses.Select(address => memory.TryReadWindow(address.Value, 0, layout.ThreadSize, atLeast: layout.Thread.Required))
                .Present().Where(thread => IsThread(memory, layout, thread))];
        return threads.Count > addresses.Count / 2 ? threads : [];
    }

    private static bool IsThread(KernelMemory memory, KernelLayout layout, Window thread)
    {
        ThreadFields fields = layout.Thread;
        ulong process = thread.Value(fields.Process);
        return thread.Value(fields.State) <= ThreadStates.Last &&
            KernelMemory.IsKernelAddress(thread.Value(fields.StackBase)) &&
                thread.Value(fields.StackLimit) < thread.Value(fields.StackBase) &&
            memory.TryReadWindow(process, layout.Process.UniqueProcessId.Offset, sizeof(ulong)) is { } owner &&
            owner.Value(layout.Process.UniqueProcessId) == thread.Value(fields.UniqueProcess);
    }

    /// <summary>
    /// Without symbols nt!KiAbpGlobalState cannot be asked whether generation D is in force, but the entries can: a block of
    /// C begins with its thread, while in D the pointer leads to the addresses of two blocks that do.
    /// </summary>
    private static bool HasSmallEntries(ITarget target, KernelLayout layout, List<Window> threads)
    {
        var memory = new KernelMemory(target);
        return layout.Entries?.Block is { } block && threads.Exists(thread =>
            memory.TryReadPointer(thread.Value(block.Kernel), out ulong first) && first != thread.Structure &&
            memory.TryReadPointer(first, out ulong second) && second == thread.Structure);
    }
}
