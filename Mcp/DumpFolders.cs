namespace LockLeak.Mcp;

/// <summary>
/// The folders whose dumps may be asked. An assistant says which dump, so a path is believed only when it leads into one of them.
/// </summary>
/// <param name="folders">Paths of the folders.</param>
internal sealed class DumpFolders(IEnumerable<string> folders)
{
    /// <summary>More dumps are not listed.</summary>
    private const int Most = 1000;

    private static readonly EnumerationOptions AnyLetters = new() { IgnoreInaccessible = true, MatchCasing = MatchCasing.CaseInsensitive };

    private readonly string[] folders = [.. folders.Select(folder => Path.GetFullPath(folder))];

    /// <summary>The dumps, newest first.</summary>
    public IEnumerable<FileInfo> All => folders
        .Where(Directory.Exists)
        .SelectMany(folder => new DirectoryInfo(folder).EnumerateFiles("*.dmp", AnyLetters))
        .OrderByDescending(file => file.LastWriteTimeUtc)
        .Take(Most);

    /// <summary>The whole path of a dump that was named by its path, or by its name alone.</summary>
    /// <returns>Null when there is no such dump in the folders.</returns>
    public string? Find(string dump) => All.FirstOrDefault(file => IsNamed(file.FullName, dump) || IsNamed(file.Name, dump))?.FullName;

    private static bool IsNamed(string name, string dump) => name.Equals(dump, StringComparison.OrdinalIgnoreCase);
}
