using System.Text.RegularExpressions;
using LockLeak.DbgEng;

namespace LockLeak.Host;

/// <summary>
/// The modules that an answer needs symbols of: the kernel, and whatever the answer could name only as "module+0x10". Gets their
/// PDBs where the symbol path names a server and the engine cannot ask it, and remembers what could not be had.
/// </summary>
internal sealed partial class MissingSymbols : IDisposable
{
    /// <summary>More modules are not looked at: an answer from a damaged dump may name anything.</summary>
    private const int Most = 64;

    private readonly EngineClient engine;
    private readonly Watchdog watchdog;
    private readonly SymbolFetch fetch;
    private readonly bool hasStores, engineFetches;
    private readonly HashSet<string> asked = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<MissingPdb> missing = [];

    /// <summary>Makes it for an engine that has opened its target.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="watchdog">Ends the process when a live machine falls silent.</param>
    /// <param name="path">The symbol path that the user gave; null when there is none.</param>
    /// <param name="cancelled">Ends what is fetched.</param>
    public MissingSymbols(EngineClient engine, Watchdog watchdog, string? path, CancellationToken cancelled)
    {
        this.engine = engine;
        this.watchdog = watchdog;
        IReadOnlyList<SymbolSource> sources = SymbolSource.Parse(path ?? "", Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "Dbg", "sym")); // as WinDbg has it
        hasStores = sources.Count > 0;
        engineFetches = File.Exists(Path.Combine(Engine.Folder, "symsrv.dll"));
        fetch = new SymbolFetch(sources, cancelled);
    }

    /// <summary>True when something may be fetched, so that an answer may have to be given again.</summary>
    public bool CanFetch => hasStores && !engineFetches;

    /// <summary>The PDBs that were asked for and not had, by the names of their modules.</summary>
    public IEnumerable<MissingPdb> All => missing.OrderBy(pdb => pdb.Module, StringComparer.OrdinalIgnoreCase);

    /// <summary>Sees to the kernel's symbols.</summary>
    public void FindKernel() => Find(["nt"]);

    /// <summary>Sees to the symbols that an answer lacks.</summary>
    /// <returns>True when some were fetched: the answer would be a better one now.</returns>
    public bool FindFor(string answer) => Find(Unnamed().Matches(answer).Select(match => match.Groups["module"].Value).Append("nt"));

    public void Dispose() => fetch.Dispose();

    private bool Find(IEnumerable<string> names)
    {
        bool fetched = false;
        watchdog.Guard("looking for symbols");
        foreach (string name in names.Distinct(StringComparer.OrdinalIgnoreCase).Take(Most))
        {
            if (asked.Add(name) && ModuleSymbols.Find(engine, name) is { AreLoaded: false } module)
            {
                fetched |= Find(module);
            }
        }

        if (fetched)
        {
            // No module's name in the command: the target says it, and a semicolon in it would be a command.
            engine.Control.ExecuteWide(DEBUG_OUTCTL.THIS_CLIENT, ".reload", DEBUG_EXECUTE.NOT_LOGGED | DEBUG_EXECUTE.NO_REPEAT);
        }

        watchdog.Rest();
        return fetched;
    }

    private bool Find(ModuleSymbols module)
    {
        string why = "";
        SymbolFile? pdb = module.PdbInMemory;
        if (pdb is null && CanFetch && module.Image is { } image)
        {
            string? path = fetch.Find(image, out why);
            pdb = path is null ? null : ModuleSymbols.PdbInFile(path);
            if (pdb is not null)
            {
                engine.Symbols.AppendImagePathWide(Path.GetDirectoryName(path)!);
            }
        }

        if (CanFetch && pdb is not null && fetch.Find(pdb, out why) is { } found)
        {
            engine.Symbols.AppendSymbolPathWide(Path.GetDirectoryName(found)!);
            return true;
        }

        why = !hasStores ? "no symbol server in the path (-y srv*C:\\Symbols*https://msdl.microsoft.com/download/symbols)"
            : engineFetches ? "the engine has not found it"
            : why.Length > 0 ? why
            : "the dump does not say which";
        missing.Add(new MissingPdb(module.Name, pdb?.Name, pdb?.Key, why));
        return false;
    }

    // "TestDriver+0x10e0", where symbols would have made "TestDriver!FileCreationThread+0x4f" of it. A signature
    // ("leaked-entry:testdriver+0x10e0") is always so.
    [GeneratedRegex(@"(?<![!\w`:|])(?<module>[A-Za-z_]\w*)\+0x[0-9a-f]+", RegexOptions.ECMAScript)]
    private static partial Regex Unnamed();
}
