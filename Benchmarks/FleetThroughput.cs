using System.Diagnostics;
using LockLeak.Build;
using LockLeak.Fleet.Tests;

namespace LockLeak.Benchmarks;

/// <summary>Dumps per second of lockleak-fleet on PostgreSQL with the real engine, beside a plain loop over the same dumps.</summary>
internal static class FleetThroughput
{
    private const int Dumps = 40;

    /// <summary>Measures and prints.</summary>
    public static void Print()
    {
        using var folder = new TemporaryFolder();
        using var postgres = new PostgresServer();
        Directory.CreateDirectory(folder.Path("dumps"));
        byte[] sample = File.ReadAllBytes(Repository.SampleDump);
        for (byte number = 0; number < Dumps; number++)
        {
            File.WriteAllBytes(folder.Path("dumps", $"{number}.dmp"), [.. sample, number]); // what is behind its end makes it another dump
        }

        Wine.StartServices(Path.Combine(Repository.Binaries, "lockleak.exe"), "-z", Repository.SampleDump);
        string lockleak = Programs.Engine(folder);
        double loop = Seconds(() => Loop(folder.Path("dumps"), lockleak));
        var fleet = new FleetProgram(postgres.ConnectionString, lockleak);
        double one = Work(1), two = Work(2);
        Console.WriteLine(FormattableString.Invariant($"""
            {Dumps} dumps              dumps/s
            plain loop           {Dumps / loop,8:F2}
            fleet, one worker    {Dumps / one,8:F2}   {(one - loop) / Dumps:F3} s more for each dump
            fleet, two workers   {Dumps / two,8:F2}   {one / two:F2} times as many
            """));

        // Without the start of the program, which is there once for all dumps: that is what it takes when nothing waits.
        double Work(int workers)
        {
            double start = Seconds(Drain);
            fleet.Run("submit", "--again", folder.Path("dumps"));
            return Seconds(Drain) - start;

            void Drain() => fleet.Run("work", "--drain", "--workers", $"{workers}", "-y", Repository.Sample);
        }
    }

    private static void Loop(string folder, string lockleak)
    {
        foreach (string dump in Directory.GetFiles(folder))
        {
            using Process process = Process.Start(
                new ProcessStartInfo(lockleak,
                    ["-z", dump, "-y", Repository.Sample, "-json"])
                { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
        }
    }

    private static double Seconds(Action action)
    {
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed.TotalSeconds;
    }
}
