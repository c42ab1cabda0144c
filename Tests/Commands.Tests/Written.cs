namespace LockLeak.Tests;

/// <summary>Files of the repository that hold what the commands print.</summary>
internal static class Written
{
    /// <summary>True when the tests are run with LOCKLEAK_UPDATE_DOCS=1, to write them anew.</summary>
    public static bool IsToBeUpdated => Environment.GetEnvironmentVariable("LOCKLEAK_UPDATE_DOCS") == "1";
}
