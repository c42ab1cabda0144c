using CsCheck;
using LockLeak.Target;

namespace LockLeak.Tests.Commands;

/// <summary>The command line: engine expressions with their spaces and signs, and options among them.</summary>
[TestClass]
public sealed class CommandOptionsTests
{
    private static readonly HashSet<string> All = ["-p", "-wr", "-dot", "-a", "-v", "-s", "-json", "-text", "-nosym"];

    private static readonly string[] Switches = ["-a", "-v", "-s", "-json", "-text", "-nosym", "-h"];

    private static readonly Gen<string> Expressions =
        Gen.OneOf("ffffc788`3a0f6f70", "@$thread", "poi(@rcx + 8)", "nt!PsInitialSystemProcess", "");

    [TestMethod]
    public void OptionsMayStandAnywhere() =>
        Gen.Select(Gen.Bool.Array[Switches.Length], Gen.Int, Expressions).Sample((set, order, expression) =>
        {
            var random = new Random(order);
            List<string> words = [.. Switches.Where((_, i) => set[i]).OrderBy(_ => random.Next())];
            words.Insert(random.Next(words.Count + 1), expression);

            CommandOptions options = CommandOptions.Parse(string.Join(random.Next(2) == 0 ? " " : "  ", words), All);

            Assert.AreEqual(expression, options.Expression);
            CollectionAssert.AreEqual(set,
                new[] { options.All, options.Verbose, options.Summary, options.Json, options.Text, options.NoSymbols, options.Help });
        });

    [TestMethod]
    [DataRow("poi(@rcx) - 8")]
    [DataRow("@rcx -8")]
    [DataRow("@rcx -(8)")]
    [DataRow("-1")]
    [DataRow("@$teb / 2")]
    [DataRow("@@c++(&nt!foo)")]
    public void AnExpressionKeepsItsSigns(string expression) =>
        Assert.AreEqual(expression, CommandOptions.Parse(expression, All).Expression);

    [TestMethod]
    [DataRow("-p lsass.exe", "lsass.exe")]
    [DataRow("/p 4", "4")]
    [DataRow("-p \"lsass.exe\"", "lsass.exe")]
    [DataRow("-p \"my app.exe\" -v", "my app.exe")]
    [DataRow("-v -p ffffc788`31ceb040 -json", "ffffc788`31ceb040")]
    public void AProcessIsANumberANameOrAnAddress(string line, string expected)
    {
        CommandOptions options = CommandOptions.Parse(line, All);
        Assert.AreEqual(expected, options.Process);
        Assert.AreEqual("", options.Expression);
    }

    [TestMethod]
    public void WaitReasonsAreAList() =>
        Assert.AreEqual("WrPushLock UserRequest", string.Join(' ', CommandOptions.Parse("-wr WrPushLock,,UserRequest,", All).WaitReasons));

    [TestMethod]
    [DataRow("-x", "-x")]
    [DataRow("/x", "/x")]
    [DataRow("-vv", "-vv")]
    [DataRow("-JSON", "-JSON")]
    [DataRow("ffffc788`3a0f6f70 -x", "-x")]
    [DataRow("-p", "-p")]
    [DataRow("-wr", "-wr")]
    [DataRow("-dot", "-dot")]
    [DataRow("-p -v", "-p", DisplayName = "an option is no process")]
    [DataRow("-wr -json", "-wr", DisplayName = "an option is no wait reason")]
    [DataRow("-p \"\"", "-p", DisplayName = "an empty name is no process")]
    [DataRow("-wr ,", "-wr", DisplayName = "an empty list has no wait reason")]
    public void AWrongOptionIsNamed(string line, string named)
    {
        CommandException e = Assert.ThrowsExactly<CommandException>(() => CommandOptions.Parse(line, All));
        Assert.AreEqual(CommandResult.InvalidArgument, e.Status);
        StringAssert.Contains(e.Message, named);
    }

    [TestMethod]
    public void AnyLineIsParsedOrRefused() =>
        Gen.String[Gen.Char["-/pwrdotavsjxn?\"' \t,0`@(é\u0001"], 0, 30].Sample(line =>
        {
            try
            {
                CommandOptions.Parse(line, All);
            }
            catch (CommandException e)
            {
                Assert.AreEqual(CommandResult.InvalidArgument, e.Status);
                Assert.DoesNotContain("\n", e.Message);
            }
        });
}
