using System.Text.RegularExpressions;
using LockLeak.Target;

namespace LockLeak.Tests.Reports;

/// <summary>-dot: the wait-for graph for Graphviz.</summary>
[TestClass]
public sealed partial class DotTests
{
    private readonly string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.dot");

    [TestCleanup]
    public void DeleteFile() => File.Delete(file);

    /// <summary>Locks that nobody waits for would hide those that matter.</summary>
    [TestMethod]
    public void AGraphHasWhatTakesPart()
    {
        Session.Run(Machines.Target("file-object-alone"), $"!lockleak -dot {file}");
        string some = File.ReadAllText(file);
        Session.Run(Machines.Target("file-object-alone"), $"!lockleak -a -dot {file}");

        Assert.IsLessThan(File.ReadAllText(file).Length, some.Length);
    }

    [TestMethod]
    public void TheCircleIsRed()
    {
        Answer answer = Session.Run(Machines.Target("deadlock2"), $"!lockleak -dot {file}");

        StringAssert.EndsWith(answer.Output, $"The wait-for graph is in {file}.\n");
        string dot = File.ReadAllText(file);
        var kernel = Machines.Kernel("deadlock2");
        (ulong mover, ulong flusher, ulong source, ulong target) =
            (kernel.Thread("mover"), kernel.Thread("flusher"), kernel.Lock("source lock"), kernel.Lock("target lock"));
        foreach ((ulong from, ulong to) in new[] { (mover, target), (target, flusher), (flusher, source), (source, mover) })
        {
            Assert.IsTrue(Edge().Matches(dot)
                .Any(edge => edge.Groups["from"].Value == $"{from:x}" && edge.Groups["to"].Value == $"{to:x}" &&
                edge.Value.Contains("color=red")), dot);
        }

        Assert.IsTrue(Edge().Matches(dot)
            .Any(edge => edge.Groups["from"].Value == $"{kernel.Thread("bystander"):x}" && !edge.Value.Contains("color=red")), dot);
    }

    [TestMethod]
    [DataRow("garbage-names")]
    [DataRow("pushlock153")]
    [DataRow("all-kinds")]
    [DataRow("clean")]
    public void NoNameBreaksAQuotedString(string scenario)
    {
        Session.Run(Machines.Target(scenario), $"!lockleak -json -dot {file}");

        string[] lines = File.ReadAllText(file).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.AreEqual("digraph locks {", lines[0]);
        Assert.AreEqual("}", lines[^1]);
        Assert.IsTrue(lines[1..^1].All(line => Statement().IsMatch(line)), string.Join('\n', lines));
    }

    [TestMethod]
    public void AFileThatCannotBeWrittenIsNamed()
    {
        string nowhere = Path.Combine(file, "graph.dot");
        Answer answer = Session.Run(Machines.Target("clean"), $"!lockleak -dot {nowhere}");

        StringAssert.StartsWith(answer.Errors, $"lockleak: The wait-for graph cannot be written to {nowhere}: ");
        Assert.AreEqual(1, answer.Errors.Count(c => c == '\n'));
        Assert.AreEqual(CommandResult.Failed, answer.Result.Status);
    }

    [GeneratedRegex("""^  "(?<from>[0-9a-f]+)" -> "(?<to>[0-9a-f]+)" \[.*\];$""", RegexOptions.Multiline)]
    private static partial Regex Edge();

    /// <summary>An attribute, a node or an edge of the DOT language; a quote inside a quoted string has a backslash.</summary>
    [GeneratedRegex("""^  (\w+=\w+;|node \[.*\];|"[0-9a-f]+"( -> "[0-9a-f]+")? \[((\w+=(\w+|"([^"\\]|\\.)*"))(, )?)+\];)$""")]
    private static partial Regex Statement();
}
