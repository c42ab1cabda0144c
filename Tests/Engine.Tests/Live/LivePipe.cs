using System.Diagnostics;
using System.Globalization;
using KdTarget.Transport;
using LockLeak.Build;

namespace LockLeak.Engine.Tests;

/// <summary>Makes the port of a live machine a named pipe, as Hyper-V does. Under Wine a relay serves it beside the debugger.</summary>
internal static class LivePipe
{
    /// <summary>Serves a pipe of that name on this machine until it is disposed.</summary>
    public static async Task<IDisposable> ServeAsync(string name, int port, CancellationToken end)
    {
        if (OperatingSystem.IsWindows())
        {
            var pipe = new PipeTransport(name);
            _ = Relay.RunAsync(pipe, port, end);
            return pipe;
        }

        string program = Path.Combine(Repository.TestPrograms, "KdTarget.exe");
        Assert.IsTrue(File.Exists(program), $"{program} is not there: build first (./build.sh build).");
        ProcessStartInfo start = Wine.Start(program, "relay", "--pipe", name, "--port", port.ToString(CultureInfo.InvariantCulture));
        start.RedirectStandardOutput = true;
        Process relay = Process.Start(start)!;
        if (await relay.StandardOutput.ReadLineAsync(end).AsTask().WaitAsync(Lockleak.TimeLimit, end) is null)
        {
            // Like lockleak.exe it may be ended by Wine before its first instruction (Lockleak.NeverBegan).
            relay.Dispose();
            relay = Process.Start(start)!;
        }

        return new RunningProgram(relay);
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
