using KdTarget.Machine;

namespace KdTarget.Requests;

/// <summary>Breakpoints: taken and given back, never hit, since no code runs in this machine.</summary>
internal static class BreakpointRequests
{
    /// <summary>BREAKPOINT_TABLE_SIZE: handles are 1 to this.</summary>
    private const uint TableSize = 32;

    /// <summary>DBGKD_WRITE_BREAKPOINT64: BreakPointAddress 0, BreakPointHandle 8.</summary>
    public static void Write(Request request, IMachine machine)
    {
        const uint anyHandle = 1;
        request.Write(8, anyHandle);
    }

    /// <summary>DBGKD_RESTORE_BREAKPOINT: BreakPointHandle 0.</summary>
    public static void Restore(Request request, IMachine machine) =>
        request.Status = request.ReadUInt32(0) is >= 1 and <= TableSize ? NtStatus.Success : NtStatus.Unsuccessful;
}
