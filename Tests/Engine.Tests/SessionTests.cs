using LockLeak.Build;

namespace LockLeak.Engine.Tests;

/// <summary>The extension in a debugger that goes on before, between and after its commands.</summary>
[TestClass]
public sealed class SessionTests
{
    private const string Thread = "ffffc788`38a32040", OtherThread = "ffffc788`39108040", Lock = "ffffc788`3a0f6f70";
    private const int InvalidArgument = unchecked((int)0x80070057);

    private static readonly Dump Walkthrough = Dumps.Of("pushlock153");

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public void LoadsFastAndAnswersFast()
    {
        using var debugger = new Debugger(Walkthrough);
        debugger.Run(".unload LockLeak");
        Answer load = debugger.Run($".load {ExtensionPath}"), help = debugger.Run("!lockhelp"), first = debugger.Run("!lockleak"),
            second = debugger.Run("!lockleak");
        TestContext.WriteLine($".load {load.Milliseconds} ms, !lockhelp {help.Milliseconds} ms, first !lockleak {first.Milliseconds} " +
            $"ms, second {second.Milliseconds} ms");
        Assert.IsLessThan(2000, load.Milliseconds + help.Milliseconds);
        Assert.IsLessThan(5000, first.Milliseconds);
        Assert.IsLessThan(first.Milliseconds, second.Milliseconds, "types are looked up once");
    }

    [TestMethod]
    public void IsGoneAfterUnloadAndBackAfterLoad()
    {
        using var debugger = new Debugger(Walkthrough);
        string before = debugger.Run("!pushlock -text " + Lock).Output;
        debugger.Run(".unload LockLeak");
        StringAssert.Contains(debugger.Run("!pushlock " + Lock).Output, "No export pushlock found");
        debugger.Run($".load {ExtensionPath}");
        Assert.AreEqual(WithoutCost(before), WithoutCost(debugger.Run("!pushlock -text " + Lock).Output));
    }

    [TestMethod]
    public void FailuresLeaveTheDebuggerAndTheExtensionAlive()
    {
        using var debugger = new Debugger(Walkthrough);
        foreach (string command in (string[])
        [
            "!lockleak -nonsense", "!lockleak -p", "!pushlock", "!pushlock 0", "!pushlock ffffffff`ffffffff", "!pushlock poi(0)",
            "!threadlocks 7",
            "!threadlocks ffff8000`00000000", "!threadlocks -wr Nonsense", $"!pushlock {new string('(', 4000)}", "!lockhelp nonsense",
        ])
        {
            Answer answer = debugger.Run(command);
            Assert.IsLessThan(0, answer.Return, command);
            Assert.AreNotEqual("", answer.Errors, command);
            Assert.AreEqual("", answer.Output, command);
        }

        Assert.AreEqual(1, debugger.Run("!lockleak").Return);
        StringAssert.Contains(debugger.Run("k 1").Output, "nt!KeBugCheckEx");
    }

    [TestMethod]
    public void ScriptsReadTheResultInExtret()
    {
        using var debugger = new Debugger(Walkthrough);
        StringAssert.EndsWith(debugger.Run("!lockleak; .if (@$extret) { .echo some } .else { .echo none }").Output, "some\n");
        StringAssert.EndsWith(debugger.Run("!pushlock " + Lock + "; .if (@$extret) { .echo some } .else { .echo none }").Output, "none\n");
        Assert.AreEqual(InvalidArgument, debugger.Run("!lockleak -nonsense").Return);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow(".frame 3")]
    [DataRow(".thread " + OtherThread)]
    [DataRow(".thread " + OtherThread + "; .frame 2")]
    [DataRow(".cxr fffffb80`7d616c00")]
    [DataRow(".thread " + OtherThread + "; .cxr fffffb80`7d616c00")]
    public void WalkingStacksChangesNothingThatTheUserHasChosen(string chosen)
    {
        const string Look = "r; ? @$thread; .frame; k 3";
        using var debugger = new Debugger(Walkthrough);
        debugger.Run(chosen);
        string before = debugger.Run(Look).Output;
        StringAssert.Contains(debugger.Run($"!threadlocks {Thread} -v").Output, "nt!KiSwapContext+0x76");
        Assert.AreEqual(before, debugger.Run(Look).Output);
    }

    [TestMethod]
    public void TypesFollowTheSymbols()
    {
        using var debugger = new Debugger(Walkthrough);
        StringAssert.Contains(debugger.Run("!lockleak").Output, "Types: PDB.");
        string path = debugger.Run(".sympath").Output.Split(": ")[1].Split('\n')[0].Trim();
        debugger.Run($".sympath {path}-nowhere; .reload");
        StringAssert.Contains(debugger.Run("!lockleak").Output, "Types: built-in (22621).");
        debugger.Run($".sympath {path}; .reload");
        StringAssert.Contains(debugger.Run("!lockleak").Output, "Types: PDB.");
    }

    [TestMethod]
    public void TwoDumpsInOneSessionAreNotMixedUp()
    {
        Dump other = Dumps.Of("pushlock153", "10.0.19045");
        using var debugger = new Debugger(Walkthrough);
        StringAssert.Contains(debugger.Run("!lockleak -json").Output, "\"build\":22621");
        debugger.Run($".opendump {Lockleak.PathForWindows(other.Path)}");
        debugger.Run("g");
        debugger.Run($".sympath+ {Lockleak.PathForWindows(other.Symbols)}; .reload");
        Answer second = debugger.Run("!lockleak -json");
        StringAssert.Contains(second.Output, "\"build\":19045,\"pointerSize\":8,\"layout\":\"pdb\"");
        Assert.AreEqual(1, second.Return);
        debugger.Run("||0s");
        StringAssert.Contains(debugger.Run("!lockleak -json").Output, "\"build\":22621,\"pointerSize\":8,\"layout\":\"pdb\"");
    }

    private static string ExtensionPath => Lockleak.PathForWindows(Path.Combine(Repository.Binaries, "LockLeak.dll"));

    private static string WithoutCost(string answer) => answer[..answer.IndexOf(" reads, ", StringComparison.Ordinal)];
}
