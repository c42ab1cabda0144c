using System.Text.RegularExpressions;
using LockLeak.Build;

namespace LockLeak.Engine.Tests.DataModel;

/// <summary>What docs/scripting.md shows of dx is what dx prints. Run the tests with LOCKLEAK_UPDATE_DOCS=1 to write it anew.</summary>
[TestClass]
public sealed partial class DocumentedQueriesTests
{
    private const string Prompt = "kd> ";

    [TestMethod]
    public void TheScriptingPageShowsRealOutput()
    {
        string path = Repository.Path("docs", "scripting.md");
        string written = File.ReadAllText(path).ReplaceLineEndings("\n");
        int queries = 0;

        string real = Block().Replace(written, block =>
        {
            using var debugger = new Debugger(Dumps.Of(block.Groups["scenario"].Value));
            IEnumerable<string> prompts =
                block.Groups["text"].Value.Split('\n').Where(line => line.StartsWith(Prompt, StringComparison.Ordinal));
            IEnumerable<string> shown = prompts.Select(prompt =>
            {
                queries++;
                return $"{prompt}\n{Cost().Replace(debugger.Run(prompt[Prompt.Length..]).Output.ReplaceLineEndings("\n"), "x ms")}";
            });
            return $"<!-- {block.Groups["scenario"].Value} -->\n```\n{string.Join("\n", shown)}```\n";
        });

        if (Environment.GetEnvironmentVariable("LOCKLEAK_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, real);
        }

        Assert.IsGreaterThan(7, queries);
        Assert.AreEqual(real, written);
    }

    [GeneratedRegex(@"<!-- (?<scenario>\S+) -->\n```\n(?<text>kd> dx.*?)```\n", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\d+ ms$", RegexOptions.Multiline)]
    private static partial Regex Cost();
}
