using System.Diagnostics;

namespace LockLeak.Build;

/// <summary>The folder that Wine takes for its Windows: artifacts/wine, or the user's own that WINEPREFIX names.</summary>
/// <param name="folder">The folder.</param>
/// <param name="isOurs">Whether it may be deleted and made anew.</param>
internal sealed class WinePrefix(string folder, bool isOurs)
{
    // About 20 seconds on a machine that has nothing else to do.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    // Wine's own files say nothing: they are there as well when the making was interrupted.
    private string Complete => Path.Combine(folder, isOurs ? "complete" : "system.reg");

    /// <summary>Makes it if it is not there, or not to its end.</summary>
    /// <exception cref="BuildException">That does not work.</exception>
    public void Make()
    {
        if (File.Exists(Complete))
        {
            return;
        }

        if (isOurs && Directory.Exists(folder))
        {
            // What an interrupted one has left waits for programs that are gone, and all others would wait for it.
            StopServer();
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        using (new ProgressLine($"Making a Wine prefix in {folder}, once, about 20 seconds, 700 MB of disk"))
        {
            Run("wineboot", "--init");
            Run("winecfg", "-v", "win10");
        }

        if (isOurs)
        {
            // Which writes what it has in memory.
            StopServer();
            File.WriteAllText(Complete, "");
        }
    }

    private void Run(string program, params string[] arguments)
    {
        ProcessStartInfo start = Wine.InPrefix(Wine.Start(program, arguments), folder);
        // It complains about the 32-bit part that is not installed. Not read to its end: services that it starts keep it open.
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            StopServer();
            throw new BuildException(
                $"Wine cannot make its prefix: {program} does not end within {Limit.TotalMinutes} minutes in {folder}");
        }

        if (process.ExitCode != 0)
        {
            throw new BuildException($"Wine cannot make its prefix: {program} fails with exit code {process.ExitCode} in {folder}");
        }
    }

    private void StopServer()
    {
        if (Wine.Server is { } server)
        {
            Shell.Read(Wine.InPrefix(new ProcessStartInfo(server, ["-k"]), folder), _ => { });
        }
    }
}
