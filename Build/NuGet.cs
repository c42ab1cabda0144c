using System.Diagnostics;

namespace LockLeak.Build;

/// <summary>Fetches packages before a first build does, to say what that costs and how far it is.</summary>
internal static class NuGet
{
    private static string Folder =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static readonly EnumerationOptions TwoFoldersDown = new() { RecurseSubdirectories = true, MaxRecursionDepth = 2 };

    // Each is kept beside what was unpacked of it: <name>/<version>/<name>.<version>.nupkg.
    private static long Fetched =>
        Directory.Exists(Folder)
            ? new DirectoryInfo(Folder).EnumerateFiles("*.nupkg", TwoFoldersDown).Sum(file => file.Length)
            : 0;

    /// <summary>Fetches what projects or solutions need.</summary>
    /// <param name="megabytes">What comes over the network where no package is there yet.</param>
    /// <param name="projects">Their paths in the repository.</param>
    /// <exception cref="BuildException">That does not work.</exception>
    public static void Restore(int megabytes, params IEnumerable<string> projects)
    {
        long before = Fetched;
        using var progress = new ProgressLine($"Fetching packages from NuGet, up to {megabytes} MB");
        using var timer = new Timer(
            _ => progress.Show($"{(Fetched - before) / 1_000_000} MB"), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1));
        foreach (string project in projects)
        {
            List<string> output = [];
            var start = new ProcessStartInfo("dotnet", ["restore", project, "--verbosity", "quiet"]) { WorkingDirectory = Repository.Root };
            // Six times for each package is for a build server; who waits here sees what is wrong and tries again.
            start.Environment.TryAdd("NUGET_ENHANCED_MAX_NETWORK_TRY_COUNT", "2");
            if (Shell.Read(start, output.Add) != 0)
            {
                string? why = output.Find(line => line.Contains(" NU", StringComparison.Ordinal)) ?? output.LastOrDefault();
                throw new BuildException($"the packages of {project} cannot be fetched: {why}");
            }
        }
    }
}
