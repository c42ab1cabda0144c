namespace LockLeak.Build.Tests.House;

/// <summary>What the build has made of the other projects.</summary>
internal static class ProjectOutput
{
    // bin/Release/net10.0
    private static readonly string Folder = System.IO.Path.GetRelativePath(Repository.Path("Tests", "Build.Tests"), AppContext.BaseDirectory);

    /// <summary>The assembly that was built of a project with this test; some are built for Windows only.</summary>
    /// <param name="project">The project's folder.</param>
    /// <param name="assembly">The assembly's name.</param>
    /// <param name="runtime">The folder of its runtime; empty when it has none of its own.</param>
    public static string Path(string project, string assembly, string runtime = "") =>
        System.IO.Path.Combine(Repository.Path(project), Folder, runtime, $"{assembly}.dll");
}
