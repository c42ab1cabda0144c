using System.Globalization;
using System.Text;
using KernelImages;
using KernelImages.Kernel;
using KernelImages.Memory;
using KernelImages.Scenarios;
using LockLeak.Layouts;

namespace LockLeak.Benchmarks;

/// <summary>
/// Reads, bytes and estimated KD packets of <c>!lockleak</c> on a machine of 2,000 threads, 1 % of them with lock entries in use.
/// </summary>
internal static class ReadCounts
{
    /// <summary>nt!KiAbTreeArray since Windows 10; that of Windows 8.1 is smaller, and not known.</summary>
    private const int EntryTableSize = 0x10000;

    /// <summary>A line for each build. docs/performance.md shows it, and a test compares the two.</summary>
    public static string Table()
    {
        var table = new StringBuilder();
        table.AppendLine($"{"build",-8}{"reads",8}{"bytes",11}{"bytes/thread",14}{"packets",9}{"packets/thread",16}{"second run",12}");
        foreach (string build in KernelTypes.Builds)
        {
            KernelTypes types = KernelTypes.Load(build);
            SyntheticKernel kernel = SyntheticKernel.Build(Ordinary.Idle, types);
            Count(kernel); // finds the kernel's types, which are then known for the session: one read on the newest build
            (int reads, long bytes, int packets) first = Count(kernel), second = Count(kernel);
            double threads = Ordinary.Idle.Processes.Sum(process => process.Threads.Count);
            table.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"{types.Build,-8}{first.reads,8}{first.bytes,11:N0}{first.bytes / threads,14:F0}{first.packets,9}" +
                $"{first.packets / threads,16:F2}{second.reads - first.reads,12:+0;-0;same}"));
        }

        return table.ToString();
    }

    /// <summary>The same machine by way of the kernel's table of lock entries (-fast), on the builds whose table is known.</summary>
    public static string FastTable()
    {
        var table = new StringBuilder();
        table.AppendLine($"{"build",-8}{"packets of the walk",20}{"-fast: reads",15}{"bytes",10}{"packets",9}{"of the walk",14}");
        foreach (KernelTypes types in KernelTypes.Builds.Select(KernelTypes.Load)
            .Where(types => types.Symbols.TryGetValue("KiAbTreeArray", out LayoutSymbol? found) && found.Size == EntryTableSize))
        {
            SyntheticKernel kernel = SyntheticKernel.Build(Ordinary.Idle, types);
            Count(kernel);
            (int reads, long bytes, int packets) walk = Count(kernel), fast = Count(kernel, "-fast");
            table.AppendLine(string.Create(CultureInfo.InvariantCulture,
                $"{types.Build,-8}{walk.packets,20}{fast.reads,15}{fast.bytes,10:N0}{fast.packets,9}" +
                $"{fast.packets / (double)walk.packets,14:P1}"));
        }

        return table.ToString();
    }

    private static (int Reads, long Bytes, int Packets) Count(SyntheticKernel kernel, string options = "")
    {
        int packets = 0;
        var target = new InMemoryTarget(kernel)
        {
            OnRead = (address, size) => packets += KdPackets.Of(address, size),
        };
        CommandHost.Run("lockleak", options, target, new SilentConsole());
        return (target.Reads, target.BytesAskedFor, packets);
    }
}
