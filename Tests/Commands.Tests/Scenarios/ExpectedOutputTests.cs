using System.Text;
using System.Text.RegularExpressions;
using KernelImages;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Build;
using LockLeak.Kernel;

namespace LockLeak.Tests.Scenarios;

/// <summary>
/// What a user sees in each scenario, to the letter but for the time: the files in Expected, one for each scenario. Run the
/// tests with LOCKLEAK_UPDATE_DOCS=1 to write them anew, and read what has changed.
/// </summary>
[TestClass]
public sealed partial class ExpectedOutputTests
{
    private const string Folder = "Tests/Commands.Tests/Scenarios/Expected";

    /// <summary>Threads and locks of a scenario whose own commands are shown; large machines differ in nothing but number.</summary>
    private const int MostThreads = 4, MostLocks = 3;

    /// <summary>Scenarios whose markup is shown as well: links, colours, and names that try to be markup.</summary>
    private static readonly string[] Marked = ["pushlock153", "deadlock3", "garbage-names"];

    public static IEnumerable<string> Scenarios => ScenarioLibrary.All.Select(scenario => scenario.Name);

    [TestMethod]
    [DynamicData(nameof(Scenarios))]
    public void OutputIsAsExpected(string scenario)
    {
        string path = Repository.Path($"{Folder}/{scenario}.txt");
        string real = Output(scenario);
        if (Written.IsToBeUpdated)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, real);
        }

        Assert.AreEqual(File.ReadAllText(path).ReplaceLineEndings("\n"), real);
    }

    [TestMethod]
    public void NoScenarioIsLeftOver() => CollectionAssert.AreEquivalent(
        Scenarios.ToArray(), Directory.GetFiles(Repository.Path(Folder)).Select(file => Path.GetFileNameWithoutExtension(file)).ToArray());

    private static string Output(string scenario)
    {
        SyntheticKernel kernel = Machines.Kernel(scenario, SyntheticKernel.UsualBuild(ScenarioLibrary.Find(scenario)));
        IEnumerable<string> threads =
            kernel.Scenario.Locks.SelectMany(item => item.Owners.Concat(item.Acquiring).Concat(item.Waiters)).Select(claim => claim.Thread)
            .Distinct().Take(MostThreads);
        IEnumerable<ulong> locks =
            kernel.Scenario.Locks.Select(item => kernel.Lock(item.Name)).Where(KernelMemory.IsKernelAddress).Take(MostLocks);
        var output = new StringBuilder($"{kernel.Scenario.Title}\n");
        List<string> lines = kernel.Scenario.Locks.Count > 100
            ? ["!lockleak"]
            : ["!lockleak", "!lockleak -v", "!threadlocks", .. threads.Select(name => $"!threadlocks {Address.Text(kernel.Thread(name))}"),
                .. locks.Select(address => $"!pushlock {Address.Text(address)}")];
        foreach (string line in lines)
        {
            Answer answer = Session.Run(new InMemoryTarget(kernel), line);
            output.Append($"\nkd> {line}\n{answer.Output}{answer.Errors}");
        }

        foreach (string line in Marked.Contains(scenario) ? (string[])["!lockleak", "!threadlocks"] : [])
        {
            output.Append($"\n(as markup) kd> {line}\n{Session.RunDml(new InMemoryTarget(kernel), line).Output}");
        }

        return Seconds().Replace(output.ToString(), "0.0x s.");
    }

    // With -v the times of the phases, too.
    [GeneratedRegex(@"\d+\.\d\d s(: types [^\n]* ms)?\.")]
    private static partial Regex Seconds();
}
