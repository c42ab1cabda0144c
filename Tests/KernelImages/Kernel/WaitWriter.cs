using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>Dispatcher objects and the wait blocks of the threads that wait for them.</summary>
internal static class WaitWriter
{
    private const ulong WaitAll = 0, WaitAny = 1;
    private const ulong BlockActive = 4, BlockInactive = 5;
    private const int EventSize = 0x18, SemaphoreSize = 0x20;

    /// <summary>
    /// KeWaitForMultipleObjects uses a thread's own wait blocks for as many objects, and its caller's for more (THREAD_WAIT_OBJECTS).
    /// </summary>
    private const int BlocksInThread = 3;

    /// <summary>
    /// The _KWAIT_REASON of a thread of which the scenario names none. Windows 8 made guarded mutexes fast mutexes, down to the reason.
    /// </summary>
    public static string ReasonOf(SyntheticKernel kernel, PlacedThread thread) => thread switch
    {
        { Spec.Terminated: true } => "WrTerminated",
        { WaitsFor: PushLock or CacheAwarePushLock or AutoExpandPushLock or BlockedPushLock } => "WrPushLock",
        { WaitsFor: FileObjectLock or RundownReference or HiveWriteQueue or EofLock } => "Executive",
        { WaitsFor: SectionPointer } => "WrVirtualMemory",
        { WaitsFor: InPageBlock } => "WrPageIn",
        { WaitsFor: GuardedMutex } when kernel.Types.SizeOf("_KGUARDED_MUTEX") is not null => "WrGuardedMutex",
        { WaitsFor: FastMutex or GuardedMutex } => "WrFastMutex",
        { WaitsFor: Resource or FastResource } => "WrResource",
        { WaitsFor: Mutant } or { Spec.Processor: not null } or { Spec.Wait: not null } => "Executive",
        { Process.Spec.Pid: 4 } => "WrQueue",
        _ => "UserRequest",
    };

    /// <summary>ExpWaitForResource waits in rounds with a timeout, for ever.</summary>
    public static bool IsInRounds(PlacedThread thread) => thread is { WaitsFor: Resource or FastResource, Spec.Processor: null };

    /// <summary>The wait has a timeout.</summary>
    public static bool IsTimed(PlacedThread thread) => IsInRounds(thread) || thread.Spec.Wait is { Timed: true };

    /// <summary>A SynchronizationEvent that is not signalled.</summary>
    public static void WriteEvent(SyntheticKernel kernel, ulong address) =>
        WriteObject(kernel, address, DispatcherType.SynchronizationEvent, EventSize / 4, 0);

    /// <summary>A semaphore with the count 0 and no limit, as ERESOURCEs have them up to Windows 8.1.</summary>
    public static ulong AddSemaphore(SyntheticKernel kernel)
    {
        ulong address = kernel.Pool.Allocate(SemaphoreSize);
        WriteObject(kernel, address, DispatcherType.Semaphore, SemaphoreSize / 4, 0);
        kernel.Typed.SetQuads(address + EventSize, int.MaxValue);
        return address;
    }

    /// <summary>A dispatcher object that nobody waits for.</summary>
    public static void WriteObject(SyntheticKernel kernel, ulong address, DispatcherType type, ulong size, ulong signalState)
    {
        kernel.Typed.Set("_DISPATCHER_HEADER", address, "Type", (ulong)type);
        kernel.Typed.Set("_DISPATCHER_HEADER", address, "Size", size);
        kernel.Typed.Set("_DISPATCHER_HEADER", address, "SignalState", signalState);
        kernel.Typed.InitializeListHead("_DISPATCHER_HEADER", address, "WaitListHead");
    }

    /// <summary>
    /// Lets threads wait for a dispatcher object and nothing else, in this order. Those that wait for more (ThreadSpec.Wait) come later.
    /// </summary>
    public static void Wait(SyntheticKernel kernel, ulong dispatcher, IEnumerable<PlacedThread> threads)
    {
        foreach (PlacedThread thread in threads.Where(thread => thread.Spec.Wait is null))
        {
            WriteBlocks(kernel, thread, [dispatcher], WaitAny, BlockActive);
            Append(kernel, dispatcher, OwnBlock(kernel, thread));
        }
    }

    /// <summary>A thread that waited for an object and was taken out of its list: its wait block still names it.</summary>
    public static void EndWait(SyntheticKernel kernel, ulong dispatcher, PlacedThread thread) =>
        WriteBlocks(kernel, thread, [dispatcher], WaitAny, BlockInactive);

    /// <summary>Lets a thread wait for an event that nobody else knows.</summary>
    public static void WaitForOwnEvent(SyntheticKernel kernel, PlacedThread thread) => Wait(kernel, AddEvent(kernel), [thread]);

    /// <summary>Lets a thread wait for the objects of its ThreadSpec.Wait, if it has one.</summary>
    public static void WriteWait(SyntheticKernel kernel, PlacedThread thread)
    {
        if (thread.Spec.Wait is not { } wait) return;
        ulong[] objects = [.. wait.Objects.Select(item => AddressOf(kernel, item))];
        ulong block = WriteBlocks(kernel, thread, objects, wait.All ? WaitAll : WaitAny, BlockActive);
        foreach (ulong dispatcher in objects)
        {
            Append(kernel, dispatcher, block);
            block += (ulong)kernel.Types.RequiredSizeOf("_KWAIT_BLOCK");
        }
    }

    public static ulong AddEvent(SyntheticKernel kernel)
    {
        ulong address = kernel.Pool.Allocate(EventSize);
        WriteEvent(kernel, address);
        return address;
    }

    private static ulong AddressOf(SyntheticKernel kernel, WaitObject item) => item switch
    {
        MutantObject mutant => kernel.Lock(mutant.Lock),
        ThreadObject thread => kernel.Thread(thread.Thread),
        ProcessObject process => kernel.Processes.Single(placed => placed.Spec.Image == process.Image).Address,
        _ => AddEvent(kernel),
    };

    private static void Append(SyntheticKernel kernel, ulong dispatcher, ulong block) =>
        kernel.Typed.AppendToList(dispatcher + kernel.Types.OffsetOf("_DISPATCHER_HEADER", "WaitListHead"), block);

    private static ulong OwnBlock(SyntheticKernel kernel, PlacedThread thread) =>
        thread.Address + kernel.Types.OffsetOf("_KTHREAD", "WaitBlock");

    /// <summary>Writes a thread's wait blocks, one after the other.</summary>
    /// <returns>The first.</returns>
    private static ulong WriteBlocks(SyntheticKernel kernel, PlacedThread thread, ulong[] objects, ulong waitType, ulong state)
    {
        const string Type = "_KWAIT_BLOCK";
        ulong size = (ulong)kernel.Types.RequiredSizeOf(Type);
        ulong first = objects.Length <= BlocksInThread ? OwnBlock(kernel, thread) : kernel.Pool.Allocate(objects.Length * (int)size);
        for (int i = 0; i < objects.Length; i++)
        {
            ulong block = first + (ulong)i * size;
            kernel.Typed.Set(Type, block, "Thread", thread.Address);
            kernel.Typed.Set(Type, block, "Object", objects[i]);
            kernel.Typed.Set(Type, block, "NextWaitBlock", first + (ulong)((i + 1) % objects.Length) * size);
            kernel.Typed.Set(Type, block, "WaitKey", (ulong)i);
            kernel.Typed.Set(Type, block, "WaitType", waitType);
            kernel.Typed.Set(Type, block, "BlockState", state);
        }
        kernel.Typed.Set("_KTHREAD", thread.Address, "WaitBlockList", first);
        kernel.Typed.Set("_KTHREAD", thread.Address, "WaitBlockCount", (ulong)objects.Length);
        return first;
    }
}
