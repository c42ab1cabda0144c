using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using LockLeak.Benchmarks;

// What a command reads is counted before it is timed: counts are exact, and on a live machine they are the cost.
ReadCounts.Print();
if (args is not ["counts"])
{
    BenchmarkRunner.Run<CommandTimes>(DefaultConfig.Instance.AddJob(Job.ShortRun));
}
