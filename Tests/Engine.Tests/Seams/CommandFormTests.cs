using System.Text;

namespace LockLeak.Engine.Tests.Seams;

/// <summary>The commands inside what users build of them: loops, conditions, aliases, logs, lines as long as a debugger takes.</summary>
[TestClass]
public sealed class CommandFormTests
{
    private const int Limit = 120_000;
    private const string Lock = "ffffc788`3a0f6f70", Ask = "!pushlock -text " + Lock;

    /// <summary>About what a debugger takes in one line.</summary>
    private const int LongLine = 32_000;

    private static readonly Dump Walkthrough = Dumps.Of("pushlock153");

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    [DataRow($".foreach (place {{ .echo {Lock} {Lock} }}) {{ !pushlock -text place }}", 2)]
    [DataRow($".for (r @$t0 = 0; @$t0 < 3; r @$t0 = @$t0 + 1) {{ {Ask} }}", 3)]
    [DataRow($".block {{ {Ask} }}", 1)]
    [DataRow($".if (1) {{ {Ask}; {Ask} }} .else {{ .echo no }}", 2)]
    [DataRow($"j (1) '{Ask}'; ''", 1)]
    [DataRow($".catch {{ {Ask} }}", 1)]
    [DataRow($"aS lk {Lock}; .block {{ !pushlock -text ${{lk}} }}; ad lk", 1)]
    [DataRow("r @$t1 = 0xffffc7883a0f6f70; !pushlock -text @$t1", 1)]
    public void AnswerIsTheSameWhereverTheCommandStands(string line, int times)
    {
        using var debugger = new Debugger(Walkthrough);
        string alone = WithoutCost(debugger.Run(Ask).Output);

        Answer answer = debugger.Run(line);

        Assert.Contains("Locked Waiting", alone);
        Assert.AreEqual(string.Concat(Enumerable.Repeat(alone, times)), WithoutCost(answer.Output));
        Assert.AreEqual("", answer.Errors);
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    [DataRow("!lockleak ", "a")]
    [DataRow("!lockleak -p ", "a")]
    [DataRow("!lockleak -nonsense", "a")]
    [DataRow("!lockleak -dot ", "a")]
    [DataRow("!pushlock ", "(")]
    [DataRow("!pushlock ", "1+")]
    [DataRow("!threadlocks ", "poi(")]
    [DataRow("!threadlocks -wr ", "é")]
    [DataRow("!lockhelp ", "a ")]
    public void LineThatIsTooLongIsRefusedInFewWords(string command, string repeated)
    {
        using var debugger = new Debugger(Walkthrough);

        Answer answer = debugger.Run(command + string.Concat(Enumerable.Repeat(repeated, (LongLine - command.Length) / repeated.Length)));

        Assert.IsLessThan(0, answer.Return);
        Assert.IsInRange(1, 2000, answer.Errors.Length, answer.Errors);
        Assert.AreEqual(1, debugger.Run("!lockleak").Return, "the session goes on");
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public void LongLineOfCommandsIsRunToItsEnd()
    {
        const string One = "!pushlock -text " + Lock + ";";
        const int Times = LongLine / 33;
        using var debugger = new Debugger(Walkthrough);
        string alone = WithoutCost(debugger.Run(Ask).Output);

        Answer answer = debugger.Run(string.Concat(Enumerable.Repeat(One, Times)));

        Assert.AreEqual(string.Concat(Enumerable.Repeat(alone, Times)), WithoutCost(answer.Output));
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    [DataRow("")]
    [DataRow("/u ")]
    public void LogHasTheAnswerAsTheWindowShowsIt(string encoding)
    {
        string log = Dumps.Elsewhere("log (größe).txt");
        using var debugger = new Debugger(Walkthrough);
        debugger.Run($".logopen {encoding}\"{Lockleak.PathForWindows(log)}\"");
        string shown = debugger.Run("!lockleak -text").Output;
        debugger.Run(".logclose");
        debugger.Run("!threadlocks");

        string logged = File.ReadAllText(log, encoding.Length > 0 ? Encoding.Unicode : Encoding.Latin1).ReplaceLineEndings("\n");
        Assert.Contains("LEAKED  Thread", shown);
        Assert.Contains(shown, logged);
        Assert.DoesNotContain("HOLDS", logged, "the log was closed before that");
    }

    /// <summary>The lines of the answers, without the last of each, which says what it cost.</summary>
    private static string WithoutCost(string output) =>
        string.Concat(output.Split('\n')
            .Where(line => line.Length > 0 && !line.Contains(" reads, ", StringComparison.Ordinal))
            .Select(line => line + '\n'));
}
