using KdTarget;
using KdTarget.Requests;
using KernelImages.Scenarios;

namespace LockLeak.Engine.Tests;

/// <summary>
/// What a live machine is asked for: each request costs it time in which it stands still. 2,000 threads in 100 processes,
/// twenty of them with a lock entry in use.
/// </summary>
[TestClass]
public sealed class LiveCostTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task LookAtAMachineIsAboutOneRequestForEachThread()
    {
        await using var machine = new LiveMachine(Ordinary.Idle);
        int threads = Ordinary.Idle.Processes.Sum(process => process.Threads.Count);
        using LiveSession session = await machine.AttachScriptAsync();
        TrafficWindow attaching = machine.Server.Traffic.Mark();

        session.Send("!lockleak -json");
        await session.PrintsAsync("\"command\":\"!lockleak -json\"");
        TrafficWindow first = machine.Server.Traffic.Mark();
        session.Send("!threadlocks -json");
        await session.PrintsAsync("\"command\":\"!threadlocks -json\"");
        TrafficWindow second = machine.Server.Traffic.Mark();
        session.CloseInput();
        await session.EndAsync();

        (string, TrafficWindow)[] windows = [("attaching", attaching), ("!lockleak", first), ("!threadlocks after it", second)];
        foreach ((string what, TrafficWindow window) in windows)
        {
            TestContext.WriteLine($"{what}: {window.PacketsIn:N0} requests, {window.Of(KdApi.ReadVirtualMemory).BytesReturned:N0} bytes " +
                "of memory");
        }

        Assert.IsLessThan(100, attaching.PacketsIn, "attaching");
        Assert.IsInRange(threads, threads * 12 / 10, first.PacketsIn, "a thread lies in one page");
        Assert.IsLessThan(threads * 1000, first.Of(KdApi.ReadVirtualMemory).BytesReturned);
        Assert.IsLessThan(20, second.PacketsIn, "the machine has not run since: the engine has it all");
    }

    [TestMethod]
    public async Task TheTableOfLockEntriesIsFewRequests()
    {
        await using var machine = new LiveMachine(Ordinary.Idle);
        using LiveSession session = await machine.AttachScriptAsync();
        machine.Server.Traffic.Mark();

        session.Send("!lockleak -fast -json");
        await session.PrintsAsync("\"command\":\"!lockleak -fast -json\"");
        TrafficWindow fast = machine.Server.Traffic.Mark();
        session.CloseInput();
        await session.EndAsync();

        TestContext.WriteLine($"!lockleak -fast: {fast.PacketsIn:N0} requests, " +
            $"{fast.Of(KdApi.ReadVirtualMemory).BytesReturned:N0} bytes of memory");
        Assert.IsLessThan(350, fast.PacketsIn, "two for each page of the table, and several for each of twenty threads");
    }
}
