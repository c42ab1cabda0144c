using System.Globalization;
using KernelImages.Damaged;
using KernelImages.Dump;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Layouts;

namespace LockLeak.Engine.Tests.Damaged;

/// <summary>Dumps of scenarios, each damaged as its seed says.</summary>
internal sealed class DamagedDumps
{
    private static readonly (string Scenario, string Build)[] Machines =
    [
        .. from build in (string[])[Dumps.Usual, "10.0.26100", "10.0.19041", "6.1.7601"]
           from scenario in (string[])["pushlock153", "deadlock3", "all-kinds", "readers"]
           select (scenario, build),
    ];

    /// <summary>So many dumps are of one machine, which takes longer to make than to damage.</summary>
    private const uint Neighbours = 5;

    private readonly Dictionary<(string, string), (SyntheticKernel Kernel, DumpDamage Damage)> made = [];
    private readonly string folder = Path.GetDirectoryName(Dumps.Elsewhere("damaged"))!;

    /// <summary>A symbol path with what every one of them needs.</summary>
    public static string Symbols => string.Join(
        ';',
        Machines.Select(machine => machine.Build).Distinct().Select(build => Dumps.Of(Walkthrough.PushLock153.Name, build).Symbols));

    /// <summary>The dump of a seed.</summary>
    public DamagedDump Of(int seed)
    {
        (string scenario, string build) = Machines[(uint)seed / Neighbours % (uint)Machines.Length];
        if (!made.TryGetValue((scenario, build), out var machine))
        {
            var kernel = SyntheticKernel.WithImages(ScenarioLibrary.Find(scenario), KernelTypes.Load(build));
            made[(scenario, build)] = machine = (kernel, new DumpDamage(kernel));
        }

        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{seed}.dmp"));
        (DumpFormat format, string damage) = machine.Damage.Write(path, seed);
        string name = string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {scenario} on {build}, {format}: {damage}");
        return new DamagedDump(path, machine.Kernel, seed, format == DumpFormat.Triage, name);
    }
}

/// <summary>A dump with damage.</summary>
/// <param name="Path">The file.</param>
/// <param name="Kernel">The machine as it was.</param>
/// <param name="Seed">Decided the damage.</param>
/// <param name="IsSmall">A small dump.</param>
/// <param name="Name">What it is, for whoever reads of a failure.</param>
internal sealed record DamagedDump(string Path, SyntheticKernel Kernel, int Seed, bool IsSmall, string Name);
