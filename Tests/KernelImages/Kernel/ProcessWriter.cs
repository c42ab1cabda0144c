using System.Text;

namespace KernelImages.Kernel;

/// <summary>_EPROCESS, and the lists of processes and threads.</summary>
internal static class ProcessWriter
{
    private const string Type = "_EPROCESS";
    private const ulong StatusPending = 0x103;

    public static void Write(SyntheticKernel kernel, PlacedProcess process)
    {
        ulong address = process.Address;
        var typed = kernel.Typed;
        kernel.Memory.Map(address, kernel.Types.RequiredSizeOf(Type));
        typed.Set(Type, address, "Pcb.Header.Type", (ulong)DispatcherType.Process);
        typed.Set(Type, address, "Pcb.DirectoryTableBase", kernel.Memory.DirectoryTableBase);
        typed.Set(Type, address, "Pcb.UserDirectoryTableBase", kernel.Memory.DirectoryTableBase);
        typed.Set(Type, address, "UniqueProcessId", process.Spec.Pid);
        typed.Set(Type, address, "InheritedFromUniqueProcessId", process.Spec.ParentPid);
        typed.Set(Type, address, "ImageFileName", [.. Encoding.Latin1.GetBytes(process.Spec.Image).Take(14)]);
        typed.Set(Type, address, "ActiveThreads", (ulong)process.Threads.Count(thread => !thread.Spec.Terminated));
        typed.Set(Type, address, "CreateTime", (ulong)(kernel.Scenario.Time - kernel.Scenario.Uptime).ToFileTimeUtc());
        typed.Set(Type, address, "ExitStatus", StatusPending);
        foreach (string list in (string[])["Pcb.Header.WaitListHead", "Pcb.ProfileListHead", "Pcb.ReadyListHead", "JobLinks",
            "MmProcessLinks"])
            typed.InitializeListHead(Type, address, list);
        if (process.Spec.Path is { } path) WritePath(kernel, address, path);
    }

    /// <summary>Links the processes to PsActiveProcessHead and the threads to their processes.</summary>
    public static void Link(SyntheticKernel kernel)
    {
        var types = kernel.Types;
        var typed = kernel.Typed;
        ulong links = types.OffsetOf(Type, "ActiveProcessLinks");
        typed.LinkList(
            kernel.Modules.Kernel("PsActiveProcessHead"),
            kernel.Processes.Where(process => process.Spec.Pid != 0).Select(process => process.Address + links));
        foreach (PlacedProcess process in kernel.Processes)
        {
            var linked = process.Threads.Where(thread => !thread.Spec.Unlinked).ToList();
            typed.LinkList(
                process.Address + types.OffsetOf(Type, "ThreadListHead"),
                linked.Select(thread => thread.Address + types.OffsetOf("_ETHREAD", "ThreadListEntry")));
            // A thread that has ended leaves the scheduler's list at once, and the other with its last reference.
            typed.LinkList(
                process.Address + types.OffsetOf(Type, "Pcb.ThreadListHead"),
                linked.Where(thread => !thread.Spec.Terminated)
                    .Select(thread => thread.Address + types.OffsetOf("_KTHREAD", "ThreadListEntry")));
        }
        KernelVariables.SetQuad(kernel, "PsIdleProcess", kernel.Processes.Single(process => process.Spec.Pid == 0).Address);
        KernelVariables.SetQuad(kernel, "PsInitialSystemProcess", kernel.Processes.Single(process => process.Spec.Pid == 4).Address);
    }

    private static void WritePath(SyntheticKernel kernel, ulong process, string path)
    {
        ulong name = kernel.Pool.Allocate(16 + Encoding.Unicode.GetByteCount(path) + 2);
        kernel.Typed.SetUnicodeString(name, path, name + 16);
        kernel.Typed.Set(Type, process, "SeAuditProcessCreationInfo.ImageFileName", name);
    }
}
