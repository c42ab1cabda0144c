using System.Diagnostics;
using System.Globalization;
using KdTarget.Transport;
using LockLeak.Build;

namespace LockLeak.Engine.Tests;

/// <summary>The connection of a Hyper-V machine's serial port: a named pipe. Under Wine a relay serves it beside the debugger.</summary>
[TestClass]
public sealed class LivePipeTests
{
    [TestMethod]
    public async Task MachineIsAskedThroughANamedPipe()
    {
        await using var machine = new LiveMachine("terminated");
        string name = $"lockleak-{Guid.NewGuid():n}";
        using var end = new CancellationTokenSource();
        using IDisposable relay = Serve(name, machine.Port, end.Token);

        for (int time = 1; time <= 2; time++)
        {
            using LiveSession session = machine.AttachThrough($@"com:pipe,port=\\.\pipe\{name},resets=0,reconnect,timeout=200");
            Assert.AreEqual(1, await session.EndAsync(), session.Errors);
            Assert.StartsWith("LEAKED", session.Output);
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
        using IDisposable relay = Serve(name, machine.Port, end.Token);

        Assert.AreEqual(1, await session.EndAsync(), session.Errors);
        Assert.IsTrue(machine.Server.IsRunning);
        await end.CancelAsync();
    }

    private static IDisposable Serve(string name, int port, CancellationToken end)
    {
        if (OperatingSystem.IsWindows())
        {
            var pipe = new PipeTransport(name);
            _ = Relay.RunAsync(pipe, port, end);
            return pipe;
        }

        string program = Path.Combine(Repository.TestPrograms, "KdTarget.exe");
        Assert.IsTrue(File.Exists(program), $"{program} is not there: build first (./build.sh build).");
        return new RunningProgram(Process.Start(Wine.Start(program, "relay", "--pipe", name, "--port", port.ToString(CultureInfo.InvariantCulture)))!);
    }

    private sealed class RunningProgram(Process process) : IDisposable
    {
        public void Dispose()
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
        }
    }
}
