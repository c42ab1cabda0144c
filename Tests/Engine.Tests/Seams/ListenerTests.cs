using System.Text.RegularExpressions;
using LockLeak.Build;

namespace LockLeak.Engine.Tests.Seams;

/// <summary>
/// Other clients of the same engine, which run our commands and have output callbacks of their own, as other extensions and script
/// hosts do (listener.c). Each hears what it asked for, in the form that it takes; the window shows what is meant for it.
/// </summary>
/// <remarks>The listener is built by the compiler of the cross link, which is there on Linux only.</remarks>
[TestClass, OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed partial class ListenerTests
{
    private const int Limit = 120_000;
    private const string Heard = "[heard]\n";

    private static readonly Lazy<string> Listener = new(Compile);
    private static readonly Dump Walkthrough = Dumps.Of("pushlock153");

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    [DataRow("!lockleak")]
    [DataRow("!threadlocks -a")]
    [DataRow("!pushlock ffffc788`3a0f6f70")]
    [DataRow("!lockleak -json")]
    public void AnswerGoesToTheClientThatAsks(string command)
    {
        using var window = new Debugger(Walkthrough);
        string alone = window.Run(command).Output;

        (string shown, string heard) = Listen(window, "mine", command);

        Assert.AreEqual("", shown);
        Assert.AreEqual(WithoutTimes(alone), WithoutTimes(heard));
        Assert.AreEqual(WithoutTimes(alone), WithoutTimes(window.Run(command).Output), "the window goes on as before");
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public void ClientThatTakesTextGetsTextBesideAWindowThatTakesMarkup()
    {
        using Debugger window = new(Walkthrough, "--dml"), text = new(Walkthrough);
        string markup = window.Run("!lockleak").Output, plain = WithoutTimes(text.Run("!lockleak").Output);

        Assert.AreEqual(("", plain), Part(Listen(window, "mine", "!lockleak")));
        // Who runs the command decides on the form.
        Assert.AreEqual((plain, plain), Part(Listen(window, "all", "!lockleak")));
        Assert.AreEqual(WithoutTimes(markup), WithoutTimes(window.Run("!lockleak").Output));
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    [DataRow("deaf")]
    [DataRow("mute")]
    public void ClientThatHearsNothingHarmsNobody(string how)
    {
        using var window = new Debugger(Walkthrough);
        string alone = window.Run("!lockleak").Output;

        (string shown, _) = Listen(window, how, "!lockleak");

        Assert.AreEqual(how == "deaf" ? WithoutTimes(alone) : "", WithoutTimes(shown));
        Assert.AreEqual(WithoutTimes(alone), WithoutTimes(window.Run("!lockleak").Output));
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public void ErrorsGoThereToo()
    {
        using var window = new Debugger(Walkthrough);

        (string shown, string heard) = Listen(window, "mine", "!pushlock nonsense");

        Assert.AreEqual("", shown);
        StringAssert.StartsWith(heard, "pushlock: Cannot evaluate 'nonsense'.");
    }

    private static (string Shown, string Heard) Listen(Debugger window, string how, string command)
    {
        window.Run($".load {Lockleak.PathForWindows(Listener.Value)}");
        Answer answer = window.Run($"!overhear {how} {command}");
        Assert.AreEqual("", answer.Errors);
        string[] parts = answer.Output.Split(Heard);
        Assert.HasCount(2, parts, answer.Output);
        return (parts[0], parts[1]);
    }

    private static (string Shown, string Heard) Part((string Shown, string Heard) both) =>
        (WithoutTimes(both.Shown), WithoutTimes(both.Heard));

    private static string WithoutTimes(string output) => Times().Replace(output, "");

    [GeneratedRegex("""\d+\.\d+|"milliseconds":\d+""")]
    private static partial Regex Times();

    private static string Compile()
    {
        string library = Dumps.Elsewhere("listener.dll");
        Shell.Run("x86_64-w64-mingw32-gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-shared",
            Repository.Path("Tests", "Engine.Tests", "Seams", "listener.c"), "-o", library);
        return library;
    }
}
