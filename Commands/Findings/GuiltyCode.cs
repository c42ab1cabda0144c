using System.Globalization;
using LockLeak.Analysis;
using LockLeak.Code;
using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Findings;

/// <summary>Whose code a finding is about: what tells the same defect in other dumps, and whom to ask.</summary>
/// <param name="Module">The driver, without extension; null when no driver takes part.</param>
/// <param name="ModuleVersion">Which build of it; null when that is not known.</param>
/// <param name="Function">Its function; null without symbols, and for a lock in its data.</param>
/// <param name="Signature">
/// The same text for the same defect, with and without symbols and whatever the build of Windows: the kind of finding and the
/// places in the drivers, as offsets from their bases.
/// </param>
internal sealed record Culprit(string? Module, string? ModuleVersion, string? Function, string Signature);

/// <summary>Finds the code that a finding is about.</summary>
/// <remarks>
/// Of a thread it is the newest frame outside of Windows' own modules, else its start routine; of a lock without a thread the
/// driver in whose data it lies. A worker of the kernel (nt!ExpWorkerThread) is nobody's.
/// </remarks>
/// <param name="view">The machine.</param>
/// <param name="stacks">Where threads are.</param>
internal sealed class GuiltyCode(KernelView view, ThreadStacks stacks)
{
    private readonly Dictionary<ulong, string?> versions = [];

    /// <summary>The code that a finding is about.</summary>
    public Culprit Of(Finding finding)
    {
        List<Place> places = [.. finding.Accused.Select(PlaceOf).Present().DistinctBy(place => place.Text)
            .OrderBy(place => place.Text, StringComparer.Ordinal)];
        if (places.Count == 0 && finding.Lock is { } node && At(node.Address.Value) is { } data)
        {
            places.Add(data with { Symbol = data.Symbol with { Name = null } });
        }

        string what = string.Join('|', places.Count > 0
            ? places.Select(place => place.Text)
            : finding.AllLocks.Select(node => node.Kind.Name).Distinct().Order(StringComparer.Ordinal));
        string signature = what.Length == 0 ? finding.Kind.Name : $"{finding.Kind.Name}:{what}";
        return places is [{ Symbol: { } first }, ..]
            ? new Culprit(first.Module, Version(first.ModuleStart), first.Name, signature) : new Culprit(null, null, null, signature);
    }

    private Place? PlaceOf(ThreadAddress address)
    {
        if (view.Thread(address) is not { } thread)
        {
            return null;
        }

        // Of a thread that has ended the stack is the kernel's own end of a thread.
        List<Place> frames = thread.IsTerminated
            ? [] : [.. stacks.Of(thread).Select(frame => Place.InDriver(frame.Frame.Instruction, frame.Symbol)).Present()];
        return frames.Find(frame =>
            !LockRoutines.WindowsModules.Contains(frame.Symbol.Module)) ?? At(thread.StartAddress) ?? frames.FirstOrDefault();
    }

    private Place? At(ulong address) =>
        KernelMemory.IsKernelAddress(address) ? Place.InDriver(address, view.Target.Symbols.At(address)) : null;

    private string? Version(ulong module)
    {
        if (!versions.TryGetValue(module, out string? version))
        {
            version = view.Target.Symbols.ModuleVersion(module);
            versions.Add(module, version);
        }

        return version;
    }

    /// <summary>A place in a driver.</summary>
    private sealed record Place(ulong Address, SymbolName Symbol)
    {
        /// <summary>"testdriver+0x10e0".</summary>
        public string Text => string.Create(CultureInfo.InvariantCulture,
            $"{Symbol.Module.ToLowerInvariant()}+0x{Address - Symbol.ModuleStart:x}");

        /// <summary>Null for what lies in the kernel, or in no module whose base is known.</summary>
        public static Place? InDriver(ulong address, SymbolName? symbol) =>
            CodeLocation.IsDriver(symbol) && symbol.ModuleStart != 0 ? new Place(address, symbol) : null;
    }
}
