using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LockLeak.Fleet.Engine;

/// <summary>
/// A job object: Windows itself holds the memory limit, and ends the job when this worker is gone (winnt.h,
/// JOBOBJECT_EXTENDED_LIMIT_INFORMATION).
/// </summary>
internal sealed unsafe partial class WindowsJob : ProcessFence
{
    private const int ExtendedLimitInformation = 9;
    private const uint LimitJobMemory = 0x200, LimitKillOnJobClose = 0x2000;

    private readonly SafeFileHandle job;

    public WindowsJob(Limits limits)
    {
        job = CreateJobObject(0, 0);
        var wanted = new ExtendedLimits { Flags = LimitJobMemory | LimitKillOnJobClose, JobMemory = (nuint)limits.Memory };
        Require(!job.IsInvalid && SetInformationJobObject(job, ExtendedLimitInformation, &wanted, (uint)sizeof(ExtendedLimits)));
    }

    // lockleak starts nothing in its first moments, which are over before it is inside.
    public override Process Start(ProcessStartInfo start)
    {
        Process process = Process.Start(start)!;
        if (!AssignProcessToJobObject(job, process.Handle) && !process.HasExited)
        {
            int error = Marshal.GetLastPInvokeError();
            process.Kill();
            throw new Win32Exception(error);
        }

        return process;
    }

    // The peak, of which Windows refuses what goes beyond the limit.
    public override long Memory
    {
        get
        {
            ExtendedLimits now;
            return QueryInformationJobObject(job, ExtendedLimitInformation, &now, (uint)sizeof(ExtendedLimits), 0)
                ? (long)now.PeakJobMemory : 0;
        }
    }

    public override void Kill() => TerminateJobObject(job, 1);

    public override void Dispose() => job.Dispose();

    private static void Require(bool succeeded)
    {
        if (!succeeded)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ExtendedLimits
    {
        public long ProcessTime, JobTime;
        public uint Flags;
        public nuint MinimumWorkingSet, MaximumWorkingSet;
        public uint ActiveProcesses;
        public nuint Affinity;
        public uint PriorityClass, SchedulingClass;
        public fixed ulong Io[6];
        public nuint ProcessMemory, JobMemory, PeakProcessMemory, PeakJobMemory;
    }

    [LibraryImport("kernel32", EntryPoint = "CreateJobObjectW", SetLastError = true)]
    private static partial SafeFileHandle CreateJobObject(nint security, nint name);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetInformationJobObject(SafeFileHandle job, int what, ExtendedLimits* limits, uint length);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool QueryInformationJobObject(SafeFileHandle job, int what, ExtendedLimits* limits, uint length, nint returned);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool AssignProcessToJobObject(SafeFileHandle job, nint process);

    [LibraryImport("kernel32", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool TerminateJobObject(SafeFileHandle job, uint exitCode);
}
