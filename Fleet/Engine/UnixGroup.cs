using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace LockLeak.Fleet.Engine;

/// <summary>
/// A process group. The program is started through timeout(1), which makes the group, and ends it even when this worker is
/// gone.
/// </summary>
internal sealed partial class UnixGroup(Limits limits) : ProcessFence
{
    private const int Kill9 = 9;
    private int group;

    public override Process Start(ProcessStartInfo start)
    {
        TimeSpan last = limits.Time + (2 * Limits.Grace);
        string[] command = ["--signal=KILL", last.TotalSeconds.ToString(CultureInfo.InvariantCulture), start.FileName,
            .. start.ArgumentList];
        start.FileName = "timeout";
        start.ArgumentList.Clear();
        foreach (string word in command)
        {
            start.ArgumentList.Add(word);
        }

        Process process = Process.Start(start)!;
        group = process.Id;
        return process;
    }

    public override long Memory => Directory.EnumerateDirectories("/proc").Sum(MemoryOf);

    public override void Kill()
    {
        if (group > 0)
        {
            _ = SendSignal(-group, Kill9);
            // Before timeout(1) has made the group there is only itself.
            _ = SendSignal(group, Kill9);
        }
    }

    // What outlives a program that ended by itself is Wine's desktop, which the next one would have to start again.
    public override void Dispose()
    {
    }

    // /proc/<id>/stat (proc_pid_stat(5)): the name in parentheses, then state, parent, process group; field 24 is the resident pages.
    private long MemoryOf(string folder)
    {
        if (!char.IsAsciiDigit(Path.GetFileName(folder)[0]))
        {
            return 0;
        }

        try
        {
            string stat = File.ReadAllText(Path.Combine(folder, "stat"));
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return int.Parse(fields[2], CultureInfo.InvariantCulture) == group
                ? long.Parse(fields[21], CultureInfo.InvariantCulture) * Environment.SystemPageSize : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0; // it has ended
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
