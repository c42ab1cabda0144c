namespace LockLeak.Engine.Tests;

/// <summary>The connection of a Hyper-V machine's serial port: a named pipe.</summary>
[TestClass]
public sealed class LivePipeTests
{
    [TestMethod]
    public async Task MachineIsAskedThroughANamedPipe()
    {
        await using var machine = new LiveMachine("terminated");
        string name = $"lockleak-{Guid.NewGuid():n}";
        using var end = new CancellationTokenSource();
        using IDisposable relay = await LivePipe.ServeAsync(name, machine.Port, end.Token);

        for (int time = 1; time <= 2; time++)
        {
            using LiveSession session = machine.AttachThrough($@"com:pipe,port=\\.\pipe\{name},resets=0,reconnect,timeout=200");
            Assert.AreEqual(1, await session.EndAsync(), session.Errors);
            Assert.Contains("\nLEAKED", session.Output);
            Assert.IsTrue(machine.Server.IsRunning);
            Assert.AreEqual(time, machine.Server.Connections);
        }

        await end.CancelAsync();
    }

    [TestMethod]
    public async Task PipeThatComesLateIsWaitedFor()
    {
        await using var machine = new LiveMachine("terminated");
        string name = $"lockleak-{Guid.NewGuid():n}";
        using LiveSession session = machine.AttachThrough($@"com:pipe,port=\\.\pipe\{name},resets=0,reconnect,timeout=200");
        await session.SaysAsync("waiting for the machine");
        using var end = new CancellationTokenSource();
        using IDisposable relay = await LivePipe.ServeAsync(name, machine.Port, end.Token);

        Assert.AreEqual(1, await session.EndAsync(), session.Errors);
        Assert.IsTrue(machine.Server.IsRunning);
        await end.CancelAsync();
    }
}
