using KernelImages;
using KernelImages.Damaged;
using KernelImages.Kernel;
using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Tests.Kernel;

/// <summary>
/// Symbols that lack a field: later builds leave some out, and a damaged symbol file any. Each field that a command asks for is hidden from
/// it in turn. It then knows less, and says nothing that is not so.
/// </summary>
[TestClass]
public sealed class MissingFieldTests
{
    private static readonly string[] Scenarios = ["all-kinds", "deadlock3", "hang-spinning", "alpc-received", "resource-queue"];

    public static IEnumerable<(string Scenario, string Build)> Machines =>
        Tests.Machines.All.Where(machine => Scenarios.Contains(machine.Scenario) && Tests.Machines.Generations.Contains(machine.Build));

    [TestMethod]
    [DynamicData(nameof(Machines))]
    public void LessIsKnownAndNothingIsMadeUp(string scenario, string build)
    {
        SyntheticKernel kernel = Tests.Machines.Kernel(scenario, build);
        string ofLock = $"!pushlock {Address.Text(kernel.Lock(kernel.Scenario.Locks[0].Name))}";
        HashSet<string> asked = [];
        var whole = new InMemoryTarget(kernel) { HasField = field => asked.Add(field) || true };
        HashSet<string> findings = [.. Findings(Session.Run(whole, "!lockleak -json"), _ => true)];
        Session.Run(whole, "!lockleak -check");
        Session.Run(whole, ofLock);

        Assert.IsGreaterThan(50, asked.Count);
        foreach (string hidden in asked)
        {
            var target = new InMemoryTarget(kernel) { HasField = field => field != hidden };
            foreach (string line in (string[])["!lockleak -json", "!lockleak -check", ofLock])
            {
                Answer answer = Session.Run(target, line);
                var said = new Said(line, answer.Result.Status == CommandResult.Ok, answer.Output, answer.Errors);
                Assert.IsNull(Oracles.Wrong(kernel, said, schemaErrors: null), $"without {hidden}: {line}");
                if (said is { IsJson: true, IsAnswered: true })
                {
                    string[] made = [.. Findings(answer, certainty => certainty == "certain").Except(findings)];
                    Assert.IsEmpty(made, $"without {hidden}: {string.Join(", ", made)}");
                }
            }
        }
    }

    /// <summary>Whom the findings accuse of what.</summary>
    private static IEnumerable<string> Findings(Answer answer, Predicate<string> isTaken) =>
        answer.Json.GetProperty("findings").EnumerateArray()
            .Where(finding => isTaken(finding.GetProperty("certainty").GetString()!))
            .Select(finding => $"{finding.GetProperty("thread")} {finding.GetProperty("lock")}");
}
