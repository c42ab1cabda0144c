using KernelImages;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Layouts;

namespace LockLeak.Engine.Tests;

/// <summary>Text and markup arrive in the debugger's window as they were meant.</summary>
[TestClass]
public sealed class OutputTests
{
    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void PercentSignsAreLetters()
    {
        using var debugger = new Debugger(Dumps.Of("clean"));
        StringAssert.StartsWith(debugger.Run("!pushlock %s%n%p%").Errors, "pushlock: Cannot evaluate '%s%n%p%'.");
        StringAssert.StartsWith(debugger.Run("!lockleak 100%s").Errors, "lockleak: Unexpected argument '100%s'.");
    }

    [TestMethod]
    public void LongAnswersArriveWhole()
    {
        var console = new TextConsole();
        CommandHost.Run("threadlocks", "-a", new InMemoryTarget(SyntheticKernel.Build(Ordinary.Busy, KernelTypes.Load(Dumps.Usual))),
            console);
        using var debugger = new Debugger(Dumps.Of("busy"));
        Answer answer = debugger.Run("!threadlocks -a");
        TestContext.WriteLine($"{answer.Output.Length} characters, {answer.Milliseconds} ms");
        Assert.IsGreaterThan(100_000, answer.Output.Length);
        Assert.AreEqual(Lines(console.Output), Lines(answer.Output));

        // The last line has the time.
        static string Lines(string text) => text[..text.TrimEnd('\n').LastIndexOf('\n')];
    }

    [TestMethod]
    public void NamesOfTheTargetAreNotMarkup()
    {
        using var debugger = new Debugger(Dumps.Of("garbage-names"), "--dml");
        string answer = debugger.Run("!threadlocks -a").Output;
        StringAssert.Contains(answer, "%s%n&lt;b&gt;&amp;");
        Assert.DoesNotContain("<b>", answer);
        Assert.DoesNotContain("<exec", answer);
        StringAssert.Contains(answer, "<link cmd=\"!pushlock ");
    }

    [TestMethod]
    public void MarkupOnlyWhereItCanBeShownAndIsWanted()
    {
        const string Link = "<link cmd=\"!pushlock ffffc788`3a0f6f70\">";
        using Debugger window = new(Dumps.Of("pushlock153"), "--dml"), text = new(Dumps.Of("pushlock153"));
        StringAssert.Contains(window.Run("!lockleak").Output, Link);
        Assert.DoesNotContain("<", window.Run("!lockleak -text").Output);
        Assert.DoesNotContain("<", text.Run("!lockleak").Output);
    }

    [TestMethod]
    public void CtrlBreakStopsACommandAndKeepsWhatItFound()
    {
        using var debugger = new Debugger(Dumps.Of("busy"));
        debugger.Send("!lockleak -json");
        Answer stopped = debugger.ReceivePressing(Debugger.Break), whole = debugger.Run("!lockleak -json");
        TestContext.WriteLine($"stopped after {stopped.Milliseconds} ms");
        StringAssert.Contains(stopped.Output, "\"complete\":false");
        StringAssert.Contains(whole.Output, "\"complete\":true", "the break was for one command");
        StringAssert.Contains(whole.Output, "\"layout\":\"pdb\"", "what the break cut off is not taken for missing");
    }
}
