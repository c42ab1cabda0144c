using System.Diagnostics;
using System.Globalization;
using KernelImages.Damaged;
using KernelImages.Scenarios;
using LockLeak.Build;
using LockLeak.Layouts;

namespace LockLeak.Tests.Fuzz;

/// <summary>Whatever a machine's memory holds, every command ends soon, with an answer or with one line that says why not.</summary>
/// <remarks>
/// A fixed share in each run of the tests. The verb <c>fuzz</c> of build.sh and build.ps1 sets LOCKLEAK_FUZZ_MINUTES: then all scenarios on
/// all builds are damaged with fresh seeds for that long. LOCKLEAK_FUZZ_SEED repeats what a failure printed.
/// </remarks>
[TestClass]
public sealed class FuzzTests
{
    /// <summary>Images of each machine.</summary>
    private const int Share = 150;

    /// <summary>Those whose JSON is held against the schema.</summary>
    private const int SchemaShare = 18;

    private static readonly double Minutes = FuzzSeeds.Number("LOCKLEAK_FUZZ_MINUTES") ?? 0;
    private static readonly int? Seed = FuzzSeeds.Repeated;
    private static readonly Stopwatch Clock = Stopwatch.StartNew();
    private static int images, unharmed;

    public static IEnumerable<(string Scenario, string Build)> Machines =>
        Minutes > 0 || Seed is not null ? Everything : Tests.Machines.Generations
        .SelectMany(build => ((string[])["pushlock153", "deadlock3", "all-kinds", "readers"]).Select(scenario => (scenario, build)));

    private static IEnumerable<(string Scenario, string Build)> Everything =>
        from build in KernelTypes.Builds
        from scenario in ScenarioLibrary.All
        where scenario.IsPossibleOn(KernelTypes.Load(build).Build)
        select (scenario.Name, build);

    [TestMethod]
    [DynamicData(nameof(Machines))]
    public void NoDamageBreaksACommand(string scenario, string build)
    {
        var victim = new Victim(scenario, build);
        var clock = Stopwatch.StartNew();
        TimeSpan longest = TimeSpan.FromMinutes(Minutes) * Environment.ProcessorCount / Everything.Count();
        int first = Seed ?? (Minutes > 0 ? Random.Shared.Next() : 0),
            last = Seed is not null ? first + 1 : Minutes > 0 ? int.MaxValue : Share;
        for (int seed = first; seed < last && (Minutes == 0 || clock.Elapsed < longest); seed++)
        {
            Assert.IsNull(victim.Try(seed, isHeldAgainstTheSchema: seed - first < SchemaShare));
            Interlocked.Increment(ref images);
        }

        Interlocked.Add(ref unharmed, victim.Unharmed);
    }

    [ClassCleanup]
    public static void Tell()
    {
        if (Minutes > 0)
        {
            string line = string.Create(CultureInfo.InvariantCulture,
                $"{images:N0} images in {Clock.Elapsed.TotalMinutes:F1} minutes, {images / Clock.Elapsed.TotalSeconds:N0} a second, " +
                $"{unharmed:N0} of them read no damage and answered as the whole machine\n");
            File.WriteAllText(Repository.FuzzFigures, line);
        }
    }
}
