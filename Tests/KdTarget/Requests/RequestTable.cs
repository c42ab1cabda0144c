using KdTarget.Machine;

namespace KdTarget.Requests;

/// <summary>Which handler answers which request.</summary>
internal static class RequestTable
{
    private static readonly Dictionary<KdApi, Action<Request, IMachine>> Handlers = new()
    {
        [KdApi.GetVersion] = VersionRequest.GetVersion,
        [KdApi.ReadVirtualMemory] = MemoryRequests.ReadVirtual,
        [KdApi.WriteVirtualMemory] = MemoryRequests.WriteVirtual,
        [KdApi.ReadPhysicalMemory] = MemoryRequests.ReadPhysical,
        [KdApi.SearchMemory] = MemoryRequests.Search,
        [KdApi.QueryMemory] = MemoryRequests.Query,
        [KdApi.GetContext] = ProcessorRequests.GetContext,
        [KdApi.SetContext] = ProcessorRequests.SetContext,
        [KdApi.GetContextEx] = ProcessorRequests.GetContextEx,
        [KdApi.SetContextEx] = ProcessorRequests.SetContextEx,
        [KdApi.ReadControlSpace] = ProcessorRequests.ReadControlSpace,
        [KdApi.WriteControlSpace] = ProcessorRequests.WriteControlSpace,
        [KdApi.ReadMachineSpecificRegister] = ProcessorRequests.ReadMachineSpecificRegister,
        [KdApi.WriteBreakPoint] = BreakpointRequests.Write,
        [KdApi.RestoreBreakPoint] = BreakpointRequests.Restore,
    };

    /// <summary>Fills in the answer. A request that has no handler is refused, as a kernel refuses what it does not know.</summary>
    public static void Answer(Request request, IMachine machine)
    {
        request.Status = NtStatus.Success;
        if (Handlers.TryGetValue(request.Api, out Action<Request, IMachine>? handler))
            handler(request, machine);
        else
            request.Status = NtStatus.Unsuccessful;
    }
}
