using System.Text;
using System.Text.RegularExpressions;
using KernelImages;
using LockLeak.Benchmarks;
using LockLeak.Build;

namespace LockLeak.Tests.Docs;

/// <summary>
/// What docs/commands.md and docs/performance.md show is what the commands and the benchmark print. Run the tests with
/// LOCKLEAK_UPDATE_DOCS=1 to write it anew.
/// </summary>
[TestClass]
public sealed partial class DocumentedOutputTests
{
    private const string Prompt = "kd> !";

    [TestMethod]
    public void TheCommandsPageShowsRealOutput() => Assert.IsGreaterThan(10, Compare("docs/commands.md", Output));

    [TestMethod]
    public void ThePerformancePageShowsTheBenchmarksCounts() =>
        Assert.AreEqual(2, Compare("docs/performance.md",
            (name, _) => (name == "fast" ? ReadCounts.FastTable() : ReadCounts.Table()).ReplaceLineEndings("\n")));

    /// <summary>Compares each marked block of a page with what should stand there; gives their number.</summary>
    private static int Compare(string page, Func<string, string, string> output)
    {
        string path = Repository.Path(page);
        string written = File.ReadAllText(path).ReplaceLineEndings("\n");
        int blocks = 0;

        string real = Block().Replace(written, block =>
        {
            blocks++;
            return $"<!-- {block.Groups["name"].Value} -->\n```\n{output(block.Groups["name"].Value, block.Groups["text"].Value)}```\n";
        });

        if (Written.IsToBeUpdated)
        {
            File.WriteAllText(path, real);
        }

        Assert.AreEqual(real, WithoutTimes(written));
        return blocks;
    }

    /// <summary>Runs the commands behind the prompts of a block.</summary>
    private static string Output(string scenario, string block)
    {
        InMemoryTarget target = Machines.Target(scenario);
        var output = new StringBuilder();
        foreach (string line in block.Split('\n').Where(line => line.StartsWith(Prompt, StringComparison.Ordinal)))
        {
            string[] words = line[Prompt.Length..].Split(' ', 2);
            var console = new RecordingConsole();
            CommandHost.Run(words[0], words.Length > 1 ? words[1] : "", target, console);
            output.Append(output.Length > 0 ? "\n" : "").Append(line).Append('\n').Append(WithoutTimes(console.Output + console.Errors));
        }

        return output.ToString();
    }

    [GeneratedRegex(@"<!-- (?<name>[\w-]+) -->\n```\n(?<text>.*?)```\n", RegexOptions.Singleline)]
    private static partial Regex Block();

    private static string WithoutTimes(string text) => Phases().Replace(Seconds().Replace(text, "0.0x s"), "0.x");

    [GeneratedRegex(@"\d+\.\d\d s(?=[.:])")]
    private static partial Regex Seconds();

    [GeneratedRegex(@"(?<= (types|processes|threads|locks|stacks|code|output) )\d+\.\d(?=,| ms\.)")]
    private static partial Regex Phases();
}
