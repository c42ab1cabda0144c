using System.Globalization;

namespace KernelImages.Kernel;

/// <summary>All modules, and the addresses of their symbols.</summary>
/// <param name="modules">The kernel first.</param>
public sealed class ModuleMap(IReadOnlyList<KernelModule> modules)
{
    /// <summary>The modules, the kernel first.</summary>
    public IReadOnlyList<KernelModule> Modules { get; } = modules;

    /// <summary>The module with a name, or null.</summary>
    public KernelModule? Find(string name) => Modules.FirstOrDefault(module => module.Name == name);

    /// <summary>The module at an address, or null.</summary>
    public KernelModule? At(ulong address) => Modules.FirstOrDefault(module => module.Contains(address));

    /// <summary>The address of a kernel symbol; 0 when the build has none of that name.</summary>
    public ulong Kernel(string symbol) =>
        Modules[0].Symbols.TryGetValue(symbol, out var found) ? Modules[0].Base + found.Address : 0;

    /// <summary>
    /// The address of the first symbol of "module!symbol+hex|module!symbol+hex" that is there; 0 when none is. An offset
    /// that leads out of a function, which is shorter in this build, is cut to stay inside.
    /// </summary>
    public ulong Resolve(string place)
    {
        foreach (string choice in place.Split('|'))
        {
            string[] parts = choice.Split('+');
            string[] names = parts[0].Split('!');
            ulong offset = parts.Length > 1 ? ulong.Parse(parts[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture) : 0;
            if (Find(names[0]) is not { } module) continue;
            if (names.Length == 1) return module.Base + offset;
            if (!module.Symbols.TryGetValue(names[1], out var symbol)) continue;
            return module.Base + symbol.Address + (offset < symbol.Size ? offset : Math.Max(symbol.Size, 6) - 5);
        }
        return 0;
    }

    /// <summary>
    /// The function of "module!symbol+hex|..." that <see cref="Resolve"/> takes, without its module; null when none is there.
    /// </summary>
    public string? FunctionOf(string place) =>
        place.Split('|').Select(choice => choice.Split('+')[0].Split('!')).Where(names => names.Length == 2)
            .FirstOrDefault(names => Find(names[0])?.Symbols.ContainsKey(names[1]) == true)?[1];
}
