using System.Text.RegularExpressions;
using KernelImages.Scenarios;
using LockLeak.Build;

namespace LockLeak.Tests.Docs;

/// <summary>docs/kernel-facts.md says which scenario holds each fact.</summary>
[TestClass]
public sealed partial class KernelFactsTests
{
    [TestMethod]
    public void EveryScenarioThatThePageNamesIsThere()
    {
        HashSet<string> known = [.. ScenarioLibrary.All.Select(scenario => scenario.Name)];
        List<string> named = [.. File.ReadLines(Repository.Path("docs", "kernel-facts.md")).Where(line => line.StartsWith('|'))
            .SelectMany(line => line.Trim('|', ' ').Split('|')[^1].Split(',', ';')).Select(name => name.Trim(' ', '`'))
                .Where(name => Name().IsMatch(name))];

        Assert.IsGreaterThan(80, named.Count, "or the page has another form");
        CollectionAssert.IsSubsetOf(named.Distinct().ToArray(), known.ToArray());
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)+$")]
    private static partial Regex Name();
}
