using System.Diagnostics;
using System.Globalization;
using KdTarget.Transport;
using LockLeak.Build;

namespace LockLeak.Engine.Tests;

/// <summary>Makes the port of a live machine a named pipe, as Hyper-V does. Under Wine a relay serves it beside the debugger.</summary>
internal static class LivePipe
{
    /// <summary>Serves a pipe of that name on this machine until it is disposed.</summary>
    public static IDisposable Serve(string name, int port, CancellationToken end)
    {
        if (OperatingSystem.IsWindows())
        {
            var pipe = new PipeTransport(name);
            _ = Relay.RunAsync(pipe, port, end);
            return pipe;
        }

        string program = Path.Combine(Repository.TestPrograms, "KdTarget.exe");
        Assert.IsTrue(File.Exists(program), $"{program} is not there: build first (./build.sh build).");
        return new RunningProgram(
            Process.Start(Wine.Start(program, "relay", "--pipe", name, "--port", port.ToString(CultureInfo.InvariantCulture)))!);
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
