using Microsoft.Extensions.FileSystemGlobbing;
using Microsoft.Extensions.FileSystemGlobbing.Abstractions;

namespace LockLeak.Fleet;

/// <summary>The files that a user names: a dump, all dumps below a folder, or a pattern with * and **.</summary>
internal static class DumpFiles
{
    /// <summary>Finds them.</summary>
    /// <exception cref="FleetException">There is no such thing.</exception>
    public static IEnumerable<FileInfo> Find(string named)
    {
        if (File.Exists(named))
        {
            return [new FileInfo(named)];
        }

        if (Directory.Exists(named))
        {
            return Matching(named, "**/*.dmp");
        }

        string[] parts = named.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar);
        int fix = parts.TakeWhile(part => !part.Contains('*', StringComparison.Ordinal)).Count();
        string folder = Path.GetFullPath(string.Join(Path.DirectorySeparatorChar, [.. parts[..fix], ""]));
        return fix < parts.Length && Directory.Exists(folder)
            ? Matching(folder, string.Join('/', parts[fix..]))
            : throw new FleetException($"no such file or folder: {named}");
    }

    private static IEnumerable<FileInfo> Matching(string folder, string pattern)
    {
        Matcher matcher = new Matcher(StringComparison.OrdinalIgnoreCase).AddInclude(pattern);
        return matcher.Execute(new DirectoryInfoWrapper(new DirectoryInfo(folder))).Files
            .Select(match => new FileInfo(Path.GetFullPath(Path.Combine(folder, match.Path))))
            .OrderBy(file => file.FullName, StringComparer.Ordinal);
    }
}
