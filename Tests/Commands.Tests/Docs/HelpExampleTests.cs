using KernelImages;
using LockLeak.Target;

namespace LockLeak.Tests.Docs;

/// <summary>The examples in the help texts work, and each command prints its own help.</summary>
[TestClass]
public sealed class HelpExampleTests
{
    /// <summary>The help of "help" is that of "lockhelp".</summary>
    public static IEnumerable<string> Commands => CommandHost.Commands.Select(command => command.Name).Where(name => name != "help");

    /// <summary>The commands that take options.</summary>
    public static IEnumerable<string> CommandsWithOptions =>
        CommandHost.Commands.Where(command => command.Options.Count > 0).Select(command => command.Name);

    public static IEnumerable<object[]> Examples => Commands
        .SelectMany(command => Help(command)
            .Split("Examples:")[1].Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        .Select(example => new object[] { example });

    [TestMethod]
    [DynamicData(nameof(Examples))]
    public void AnExampleOfTheHelpRuns(string example)
    {
        // @$thread is the debugger's; the target in memory knows addresses and symbols.
        string[] words = example[1..].Replace("@$thread", "ffffc788`38a32040", StringComparison.Ordinal).Split(' ', 2);
        var console = new RecordingConsole();
        InMemoryTarget target = Machines.Target("pushlock153");

        CommandResult result = CommandHost.Run(words[0], words.Length > 1 ? words[1] : "", target, console);

        Assert.AreEqual(CommandResult.Ok, result.Status);
        Assert.AreEqual("", console.Errors);
        Assert.AreNotEqual("", console.Output);
    }

    [TestMethod]
    [DynamicData(nameof(CommandsWithOptions))]
    public void TheHelpHasTheUsageLineThatAWrongCallPrints(string command)
    {
        var console = new RecordingConsole();
        InMemoryTarget target = Machines.Target("pushlock153");
        CommandHost.Run(command, "-nonsense", target, console);

        string usage = console.Errors.Split('\n').Single(line => line.StartsWith("Usage: ", StringComparison.Ordinal));

        StringAssert.Contains(Help(command), usage);
    }

    [TestMethod]
    [DynamicData(nameof(Commands))]
    public void ACommandPrintsItsHelp(string command)
    {
        foreach (string option in (string[])["-?", "-h"])
        {
            Assert.AreEqual(Help(command), Session.Run(Machines.Target("clean"), $"!{command} {option}").Output);
        }
    }

    [TestMethod]
    [DynamicData(nameof(CommandsWithOptions))]
    public void TheHelpExplainsEveryOptionAndNoOther(string name)
    {
        ICommand command = CommandHost.Commands.Single(command => command.Name == name);
        string[] explained = [.. Help(name).Split('\n').Where(line => line.StartsWith("  -", StringComparison.Ordinal))
            .Select(line => line.TrimStart().Split(' ')[0])];

        CollectionAssert.AreEquivalent(command.Options.ToArray(), explained);
    }

    private static string Help(string command)
    {
        var console = new RecordingConsole();
        CommandHost.Run("lockhelp", command == "lockhelp" ? "" : command, Machines.Target("clean"), console);
        return console.Output;
    }
}
