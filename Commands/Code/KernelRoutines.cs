using System.Runtime.CompilerServices;
using LockLeak.Target;

namespace LockLeak.Code;

/// <summary>
/// Which routine lies at an address outside the driver. By name to address, asked once a session: several names may
/// share an address, and the debugger shows any one of them for it.
/// </summary>
internal sealed class KernelRoutines
{
    // A target that reloads its symbols hands out another ITypes, and the addresses go with the old one.
    private static readonly ConditionalWeakTable<ITypes, KernelRoutines> Known = [];

    private readonly Dictionary<ulong, LockRoutine> byAddress = [];
    private readonly Dictionary<ulong, bool> isWindows = [];
    private ISymbols symbols;

    private KernelRoutines(ISymbols symbols)
    {
        this.symbols = symbols;
        foreach (LockRoutine routine in LockRoutines.All)
        {
            if (symbols.TryGetAddress(routine.FullName, out ulong address))
            {
                byAddress.TryAdd(address, routine);
            }
        }
    }

    /// <summary>The routines of a target.</summary>
    public static KernelRoutines Of(ITarget target)
    {
        if (!Known.TryGetValue(target.Types, out KernelRoutines? routines))
        {
            routines = new KernelRoutines(target.Symbols);
            Known.AddOrUpdate(target.Types, routines);
        }

        // What is known stays; whom the last command asked is gone with it.
        routines.symbols = target.Symbols;
        return routines;
    }

    /// <summary>True when no routine that takes a lock has a name here: nothing can be said of any code.</summary>
    public bool AreNameless => !byAddress.Values.Any(routine => routine.Acquires);

    /// <summary>The routine at an address; null when it is none of the table.</summary>
    public LockRoutine? At(ulong address) => byAddress.GetValueOrDefault(address);

    /// <summary>True for the code of a module of Windows that gives back no lock which a driver took.</summary>
    public bool IsWindows(ulong address)
    {
        if (!isWindows.TryGetValue(address, out bool known))
        {
            known = symbols.At(address) is { IsUnloaded: false } symbol && LockRoutines.WindowsModules.Contains(symbol.Module);
            isWindows.Add(address, known);
        }

        return known;
    }
}
