using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using KernelImages;
using KernelImages.Dump;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Build;
using LockLeak.Fleet.Tests;
using LockLeak.Layouts;

namespace LockLeak.Benchmarks;

/// <summary>
/// <c>!lockleak</c> in the real engine beside the same reads by an extension in C (Baseline/barewalk.c) and the same question
/// asked with dx: in one session, in turn, so that whatever disturbs one of them disturbs all. What counts is the median of the ratios
/// of each round.
/// </summary>
internal static class EngineTimes
{
    private const int Processes = 1_000, ThreadsEach = 20, Rounds = 45, RoundsWithDx = 5;

    private const string Ask = "!lockleak",
    Dx = "dx -r0 @$cursession.Processes.SelectMany(p => p.Threads).Where(t => t.KernelObject.Tcb.WaitReason == 28).Count()";

    /// <summary>Measures and prints.</summary>
    public static void Print()
    {
        if (OperatingSystem.IsWindows())
        {
            Console.WriteLine("The extension in C is built by the compiler of the cross link, which is there on Linux only.");
            return;
        }

        using var folder = new TemporaryFolder();
        string baseline = folder.Path("barewalk.dll");
        Shell.Run("x86_64-w64-mingw32-gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-shared",
            Repository.Path("Benchmarks", "Baseline", "barewalk.c"), "-o", baseline);
        KernelTypes types = KernelTypes.Load("22621");
        Scenario scenario = Crowds.Idle(Processes, ThreadsEach) with { Locks = [] };
        string dump = DumpFolder.Write(folder.Path("dump"), scenario, types), walk = BareWalk(SyntheticKernel.WithImages(scenario, types));

        // The first round is that of a cold engine.
        IEnumerable<string> rounds = Enumerable.Range(0, 1 + Rounds).SelectMany(round =>
            (IEnumerable<string>)(round <= RoundsWithDx ? [walk, Ask, Dx] : [walk, Ask]));
        ILookup<string, double> times = Run(dump, [$".load {Windows(baseline)}", .. rounds])
            .Skip(1 + 3).ToLookup(answer => answer.Command, answer => answer.Milliseconds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Processes * ThreadsEach:N0} idle threads in {Processes:N0} processes, no lock in use: medians of {Rounds} rounds in one " +
            $"session"));
        Console.WriteLine($"{"",-24}{"ms",9}{"to C",8}");
        foreach ((string name, string command) in ((string, string)[])[("the reads alone, in C", walk), ("!lockleak", Ask), ("dx", Dx)])
        {
            double ratio = times[command].Zip(times[walk], (time, bare) => time / bare).Median();
            Console.WriteLine(FormattableString.Invariant($"{name,-24}{times[command].Median(),9:F1}{ratio,8:F2}"));
        }
    }

    /// <summary>The command line that reads what <c>!lockleak</c> reads of an idle process and an idle thread.</summary>
    private static string BareWalk(SyntheticKernel kernel)
    {
        List<(ulong Address, int Size)> reads = [];
        CommandHost.Run("lockleak", "", new InMemoryTarget(kernel) { OnRead = (address, size) => reads.Add((address, size)) },
            new SilentConsole());
        PlacedProcess process = kernel.Processes[^1];
        (ulong At, ulong Size) ofProcess = PartOf(process.Address), ofThread = PartOf(process.Threads[^1].Address);
        ulong[] numbers =
        [
            kernel.Modules.Kernel("PsActiveProcessHead"), kernel.Types.OffsetOf("_EPROCESS", "ActiveProcessLinks"), ofProcess.At,
            ofProcess.Size,
            kernel.Types.OffsetOf("_EPROCESS", "ThreadListHead"), kernel.Types.OffsetOf("_ETHREAD", "ThreadListEntry"), ofThread.At,
            ofThread.Size,
        ];
        return $"!barewalk {string.Join(' ', numbers.Select(number => number.ToString("x", CultureInfo.InvariantCulture)))}";

        (ulong At, ulong Size) PartOf(ulong structure)
        {
            (ulong address, int size) = reads.First(read => read.Address >= structure && read.Address < structure + 0x800);
            return (address - structure, (ulong)size);
        }
    }

    /// <summary>Runs commands in one session of lockleak.exe.</summary>
    private static List<(string Command, double Milliseconds)> Run(string dump, IReadOnlyList<string> commands)
    {
        ProcessStartInfo start =
            Wine.Start(Path.Combine(Repository.Binaries, "lockleak.exe"), "-z", dump, "-y", Path.GetDirectoryName(dump)!, "--script");
        (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
        using Process session = Process.Start(start)!;
        session.StandardInput.Write(string.Concat(commands.Select(command => command + "\n")));
        session.StandardInput.Close();
        List<(string, double)> answers = [];
        while (session.StandardOutput.ReadLine() is { } line)
        {
            JsonElement answer = JsonElement.Parse(line);
            string errors = answer.GetProperty("errors").GetString()!;
            if (errors.Length > 0)
            {
                throw new InvalidOperationException($"{answer.GetProperty("command")}: {errors}");
            }

            answers.Add((answer.GetProperty("command").GetString()!, answer.GetProperty("milliseconds").GetDouble()));
        }

        session.WaitForExit();
        return answers.Count == commands.Count
            ? answers : throw new InvalidOperationException($"lockleak.exe answered {answers.Count} of {commands.Count} commands.");
    }

    /// <summary>A path as programs under Wine see it.</summary>
    private static string Windows(string path) => "Z:" + path.Replace('/', '\\');
}
