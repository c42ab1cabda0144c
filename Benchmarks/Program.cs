using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using LockLeak.Benchmarks;

if (args is ["fleet"])
{
    FleetThroughput.Print();
    return 0;
}

if (args is ["scale", .. var rows])
{
    Scaling.Print(string.Join(' ', rows));
    return 0;
}

if (args is ["engine"])
{
    EngineTimes.Print();
    return 0;
}

// What a command reads is counted before it is timed: counts are exact, and on a live machine they are the cost.
Console.WriteLine("!lockleak on 2,000 threads in 100 processes, 1 % with lock entries in use");
Console.WriteLine(ReadCounts.Table());
Console.WriteLine("and with -fast");
Console.WriteLine(ReadCounts.FastTable());
if (args is ["counts"])
{
    return 0;
}

Scaling.Print("");
EngineTimes.Print();

// In this process: to make another one, BenchmarkDotNet looks for its project everywhere below the solution, and follows the
// drives of the Wine prefix there out into the whole file system.
Summary summary = BenchmarkRunner.Run<CommandTimes>(
    DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)), args);
return summary.HasCriticalValidationErrors || !summary.Reports.All(report => report.Success) ? 1 : 0;
