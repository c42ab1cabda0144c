using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LockLeak.Engine.Tests;

/// <summary>Presses Ctrl+C for a program that a test runs, with the call of the system: no other program must be there for it.</summary>
internal static partial class CtrlC
{
    // SIGINT of POSIX: https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/signal.h.html, 2 on Linux.
    private const int SigInt = 2;

    // https://learn.microsoft.com/windows/console/generateconsolectrlevent
    private const uint CtrlBreakEvent = 1;

    /// <summary>Sets up a program that is to be started for <see cref="Press"/>.</summary>
    public static ProcessStartInfo Prepare(ProcessStartInfo start)
    {
        if (OperatingSystem.IsWindows())
        {
            // Else the test itself would be meant as well.
            start.CreateNewProcessGroup = true;
        }

        return start;
    }

    /// <summary>
    /// Presses Ctrl+C: Wine makes it of SIGINT. On Windows Ctrl+Break, which .NET programs take alike, for Ctrl+C cannot be sent to
    /// one group of processes.
    /// </summary>
    /// <exception cref="Win32Exception">The system refuses.</exception>
    public static void Press(Process process)
    {
        bool done = OperatingSystem.IsWindows()
            ? GenerateConsoleCtrlEvent(CtrlBreakEvent, (uint)process.Id) : Kill(process.Id, SigInt) == 0;
        if (!done)
        {
            throw new Win32Exception();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("kernel32", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GenerateConsoleCtrlEvent(uint what, uint group);
}
