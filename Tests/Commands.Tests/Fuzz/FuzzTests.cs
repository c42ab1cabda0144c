using System.Diagnostics;
using System.Globalization;
using KernelImages;
using KernelImages.Kernel;
using LockLeak.Kernel;
using LockLeak.Target;
using LockLeak.Tests.Reports;

namespace LockLeak.Tests.Fuzz;

/// <summary>Whatever a machine's memory holds, every command ends soon, with an answer or with one line that says why not.</summary>
[TestClass]
public sealed class FuzzTests
{
    /// <summary>Machines to damage, one after the other.</summary>
    private const int Rounds = 150;

    /// <summary>Those whose JSON is held against the schema, which takes longer than all the rest.</summary>
    private const int SchemaRounds = 18;

    /// <summary>Far more than any of these small machines is worth.</summary>
    private const int MostReads = 400;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    public static IEnumerable<(string Scenario, string Build)> Victims =>
        from build in Machines.Generations
        from scenario in (string[])["pushlock153", "deadlock3", "all-kinds", "readers"]
        select (scenario, build);

    [TestMethod]
    [DynamicData(nameof(Victims))]
    public void NoDamageBreaksACommand(string scenario, string build)
    {
        SyntheticKernel kernel = Machines.Fresh(scenario, build);
        var damage = new Damage(kernel);
        string thread = Address.Text(kernel.Threads[^1].Address), address = Address.Text(kernel.Lock(kernel.Scenario.Locks[0].Name));
        string[] lines = ["!lockleak -v", "!lockleak -json -a", $"!pushlock {address} -v", $"!threadlocks {thread} -v", "!threadlocks -a -json", "!threadlocks -s"];
        for (int seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            damage.Do(random);
            damage.Redirect(random);
            string line = lines[seed % lines.Length];
            Check(kernel, line, string.Create(CultureInfo.InvariantCulture, $"{scenario} on {build}, seed {seed}: {line}"), dml: random.Next(2) == 0, isChecked: seed < SchemaRounds);
            damage.Undo();
        }
    }

    private static void Check(SyntheticKernel kernel, string line, string what, bool dml, bool isChecked)
    {
        var target = new InMemoryTarget(kernel);
        target.OnRead = (_, _) =>
        {
            if (target.Reads > MostReads)
            {
                throw new InvalidOperationException("too many reads");
            }
        };
        var clock = Stopwatch.StartNew();

        Answer answer = dml ? Session.RunDml(target, line) : Session.Run(target, line);

        Assert.DoesNotContain("internal error", answer.Errors, what);
        Assert.IsLessThan(Longest, clock.Elapsed, what);
        if (answer.Result.Status == CommandResult.Ok)
        {
            Assert.AreEqual("", answer.Errors, what);
            Assert.AreNotEqual("", answer.Output, what);
            Assert.AreEqual("", isChecked && line.Contains("-json", StringComparison.Ordinal) ? ReportSchema.Errors(answer.Output) : "", $"{what}: {answer.Output}");
        }
        else
        {
            Assert.AreEqual(CommandResult.Failed, answer.Result.Status, what);
            Assert.AreEqual(1, answer.Errors.Count(c => c == '\n'), what);
            Assert.AreEqual("", answer.Output, what);
        }
    }
}
