using KernelImages.Memory;
using KernelImages.Scenarios;
using LockLeak.Layouts;
using LockLeak.Target;

namespace KernelImages.Kernel;

/// <summary>Builds the parts of a kernel one after the other.</summary>
internal static class KernelBuilder
{
    private const uint Idle = 0;
    private const uint System = 4;

    public static SyntheticKernel Build(Scenario scenario, KernelTypes types, IReadOnlyList<ModuleImage> images)
    {
        SyntheticKernel kernel = new(scenario, types, LoadedModules.Map(scenario, types, images));
        LoadedModules.Write(kernel, images);
        Place(kernel);
        foreach (PlacedProcess process in kernel.Processes) ProcessWriter.Write(kernel, process);
        foreach (PlacedThread thread in kernel.Threads) ThreadWriter.Write(kernel, thread);
        ThreadApcs.Write(kernel);
        foreach (LockSpec item in scenario.Locks) LockWriter.Write(kernel, item);
        PoolWriter.Write(kernel);
        foreach (PlacedThread thread in kernel.Threads) WaitWriter.WriteWait(kernel, thread);
        foreach (PlacedThread thread in kernel.Threads) IrpWriter.Write(kernel, thread);
        AlpcWriter.Write(kernel);
        foreach (WorkQueueSpec queue in scenario.WorkQueues) WorkQueueWriter.Write(kernel, queue);
        if (AutoBoostEntries.AreInForce(kernel)) AutoBoostHeads.Write(kernel);
        else EntryTrees.Write(kernel);
        ProcessWriter.Link(kernel);
        ProcessorWriter.Write(kernel);
        kernel.BugCheck = scenario.BugCheck is { } bug ? BugCheckOf(bug.Code, bug.Parameters(kernel)) : null;
        KernelVariables.Write(kernel);
        scenario.Damage?.Invoke(kernel);
        PageTables.Write(kernel.Memory);
        return kernel;
    }

    private static BugCheck BugCheckOf(uint code, ulong[] parameters) =>
        new(code, parameters[0], parameters[1], parameters[2], parameters[3]);

    /// <summary>Gives everything that the scenario names its address.</summary>
    private static void Place(SyntheticKernel kernel)
    {
        List<PlacedThread> threads = [];
        List<PlacedProcess> processes = [];
        foreach (ProcessSpec spec in WithIdleThreads(kernel.Scenario))
        {
            ulong address = spec.Address != 0 ? spec.Address
                : spec.Pid == Idle ? kernel.Modules.Kernel("KiInitialProcess")
                : kernel.Pool.AllocateObject(kernel.Types.RequiredSizeOf("_EPROCESS"));
            PlacedProcess process = new(spec, address);
            processes.Add(process);
            foreach (ThreadSpec thread in spec.Threads)
            {
                PlacedThread placed = new(thread, process,
                    thread.Address != 0 ? thread.Address : kernel.Pool.AllocateObject(ThreadExtension.SizeOfThread(kernel)));
                process.Threads.Add(placed);
                threads.Add(placed);
                kernel.Add(placed);
            }
        }
        kernel.Processes = processes;
        kernel.Threads = threads;
        foreach (LockSpec item in kernel.Scenario.Locks)
        {
            kernel.Add(item, item.Address != 0 ? item.Address : item.PoolTag is not null ? PoolWriter.Place(kernel, item)
                : kernel.Pool.Allocate(item.Size) + (ulong)item.Offset);
            Claim(kernel, item, item.Owners, EntryUse.Owns);
            Claim(kernel, item, item.Acquiring, EntryUse.Acquires);
            Claim(kernel, item, item.Waiters, EntryUse.Waits);
        }
        foreach (PlacedThread thread in threads)
            for (int i = 0; i < thread.Spec.OrphanedEntries; i++)
                thread.Entries.Add(new PlacedEntry(thread.Entries.Count, EntryUse.Orphaned, null, null));
    }

    private static void Claim(SyntheticKernel kernel, LockSpec item, IReadOnlyList<Claim> claims, EntryUse use)
    {
        foreach (Claim claim in claims)
        {
            PlacedThread thread = kernel.Placed(claim.Thread);
            if (use == EntryUse.Waits) (thread.WaitsFor, thread.Wait) = (item, claim);
            if (claim.Tracked && item.IsTracked && item.IsTrackedOn(kernel.Types.Build) &&
                (!claim.ReleasePending || AutoBoostEntries.AreInForce(kernel)))
                thread.Entries.Add(new PlacedEntry(thread.Entries.Count(entry => entry.Lock is UserLock == item is UserLock), use, item,
                    claim)
                { InTree = !claim.NotInTree && thread.Spec.Processor is null });
        }
    }

    /// <summary>The scenario's processes, with Idle and System, and an idle thread on every processor that runs no other.</summary>
    private static List<ProcessSpec> WithIdleThreads(Scenario scenario)
    {
        List<ProcessSpec> processes = [.. scenario.Processes];
        if (processes.All(process => process.Pid != System)) processes.Insert(0, new ProcessSpec("System", System) { ParentPid = 0 });
        if (processes.All(process => process.Pid != Idle)) processes.Insert(0, new ProcessSpec("Idle", Idle) { ParentPid = 0 });
        HashSet<int> busy = [.. processes.SelectMany(process => process.Threads).Where(thread => thread.Processor is not null)
            .Select(thread => thread.Processor!.Value)];
        int idle = processes.FindIndex(process => process.Pid == Idle);
        processes[idle] = processes[idle] with
        {
            Threads = [.. processes[idle].Threads, .. Enumerable.Range(0, scenario.Processors).Where(number => !busy.Contains(number))
                .Select(number => new ThreadSpec($"idle{number}", 0) { Processor = number, Priority = 0 })],
        };
        return processes;
    }
}
