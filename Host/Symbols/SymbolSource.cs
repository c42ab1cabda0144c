namespace LockLeak.Host;

/// <summary>
/// One symbol store of a symbol path: where it is, and the folders that what comes from it is kept in. The engine leaves these
/// elements to symsrv.dll, which comes with WinDbg and not with the engine's package
/// (https://learn.microsoft.com/windows-hardware/drivers/debugger/advanced-symsrv-use).
/// </summary>
/// <param name="Store">The URL of a server, or a folder laid out like one.</param>
/// <param name="Caches">The folders, nearest first. What is fetched goes into the first.</param>
internal sealed record SymbolSource(string Store, IReadOnlyList<string> Caches)
{
    private const string Microsoft = "https://msdl.microsoft.com/download/symbols";

    /// <summary>True for a server, false for a folder.</summary>
    public bool IsServer => Uri.TryCreate(Store, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https";

    /// <summary>
    /// Reads the stores of a path: <c>srv*cache*url</c>, <c>srv*url</c>, <c>symsrv*symsrv.dll*cache*url</c>, after a <c>cache*folder</c>.
    /// Plain folders are the engine's own business.
    /// </summary>
    /// <param name="path">The path.</param>
    /// <param name="standardCache">Where things are kept when the path does not say.</param>
    public static IReadOnlyList<SymbolSource> Parse(string path, string standardCache)
    {
        List<SymbolSource> sources = [];
        string? cache = null;
        foreach (string element in path.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = element.Split('*', StringSplitOptions.TrimEntries);
            switch (parts[0].ToLowerInvariant())
            {
                case "cache" when parts.Length > 1:
                    cache = Folder(parts[1]);
                    break;
                case "srv" when parts.Length > 1:
                    Add(parts[1..]);
                    break;
                case "symsrv" when parts.Length > 2:
                    Add(parts[2..]);
                    break;
            }
        }

        return sources;

        void Add(string[] stores)
        {
            List<string> caches = cache is null ? [] : [cache];
            caches.AddRange(stores[..^1].Select(Folder));
            // A single folder is a store, and nothing need be copied from it.
            bool isLocal = caches.Count == 0 && stores[^1].Length > 0 && !new SymbolSource(stores[^1], []).IsServer;
            // "srv*" alone means Microsoft's server.
            sources.Add(new SymbolSource(stores[^1].Length > 0 ? stores[^1] : Microsoft,
                caches.Count > 0 || isLocal ? caches : [standardCache]));
        }

        string Folder(string name) => name.Length > 0 ? name : standardCache;
    }
}
