using System.Globalization;
using System.Text;
using KernelImages.Kernel;
using KernelImages.LockStates;
using KernelImages.Scenarios;
using LockLeak.Layouts;

namespace LockLeak.Tests.Docs;

/// <summary>What is tried on which Windows build, counted in the lists that the tests themselves go through.</summary>
internal static class TriedTable
{
    /// <summary>The table as Markdown.</summary>
    public static string Text()
    {
        var table = new StringBuilder();
        table.Append("| kernel | types from | scenarios in memory, with symbols and without | scenarios as dumps in the real engine | " +
            "states of locks under stress, with the truth |\n|---|---|---|---|---|\n");
        foreach (string build in KernelTypes.Builds)
        {
            KernelTypes types = KernelTypes.Load(build);
            int inMemory = Machines.All.Count(machine => machine.Build == build),
                states = LockStateLibrary.All.Count(state =>
            state.Builds.Any(number => build.EndsWith("." + number, StringComparison.Ordinal)));
            table.Append(CultureInfo.InvariantCulture,
                $"| {build} | {(types.File.IsMadeUp ? "machine code, as far as it tells" : "symbol files or published headers")} | " +
                $"{inMemory} | {InEngine(build)} | {Number(states)} |\n");
        }

        return table.ToString();
    }

    /// <summary>Each scenario runs in the engine on its usual build, and one of them on every build.</summary>
    private static int InEngine(string build) =>
        ScenarioLibrary.All.Count(scenario => SyntheticKernel.UsualBuild(scenario) == build || scenario == Walkthrough.PushLock153);

    private static string Number(int number) => number == 0 ? "-" : number.ToString(CultureInfo.InvariantCulture);
}
