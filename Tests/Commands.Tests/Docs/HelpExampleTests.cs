using System.Xml.Linq;
using KernelImages;
using LockLeak.Build;
using LockLeak.Target;
using LockLeak.Tests.Reports;

namespace LockLeak.Tests.Docs;

/// <summary>The examples in the help texts work, each command prints its own help, and what lists the commands lists all of them.</summary>
[TestClass]
public sealed class HelpExampleTests
{
    /// <summary>The help of "help" is that of "lockhelp".</summary>
    public static IEnumerable<string> Commands => CommandHost.Commands.Select(command => command.Name).Where(name => name != "help");

    /// <summary>The commands that take options.</summary>
    public static IEnumerable<string> CommandsWithOptions =>
        CommandHost.Commands.Where(command => command.Options.Count > 0).Select(command => command.Name);

    public static IEnumerable<string> Examples => Commands.SelectMany(ExamplesOf);

    /// <summary>The examples whose answer can be had as JSON.</summary>
    public static IEnumerable<string> ExamplesWithJson =>
        CommandHost.Commands.Where(command => command.Options.Contains("-json")).SelectMany(command => ExamplesOf(command.Name));

    [TestMethod]
    [DynamicData(nameof(Examples))]
    public void AnExampleOfTheHelpRuns(string example)
    {
        Answer answer = Run(example);

        Assert.AreEqual(CommandResult.Ok, answer.Result.Status);
        Assert.AreEqual("", answer.Errors);
        Assert.AreNotEqual("", answer.Output);
    }

    [TestMethod]
    [DynamicData(nameof(ExamplesWithJson))]
    public void TheJsonOfAnExampleIsThatOfTheSchema(string example) =>
        Assert.AreEqual("", ReportSchema.Errors(Run($"{example} -json").Output));

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
    public void TheHelpExplainsEveryOptionThatIsParsedAndNoOther(string name)
    {
        ICommand command = CommandHost.Commands.Single(command => command.Name == name);
        string[] explained = [.. Help(name).Split('\n').Where(line => line.StartsWith("  -", StringComparison.Ordinal))
            .Select(line => line.TrimStart().Split(' ')[0])];

        CollectionAssert.AreEquivalent(command.Options.ToArray(), explained);
        foreach (string option in command.Options)
        {
            Assert.AreNotEqual(
                CommandOptions.Parse("value", command.Options), CommandOptions.Parse($"{option} value", command.Options), option);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Commands))]
    public void TheOverviewNamesTheCommand(string command) => StringAssert.Contains(Help("lockhelp"), $"  !{command} ");

    [TestMethod]
    public void TheGalleryListsTheCommands() => CollectionAssert.AreEquivalent(
        Commands.ToArray(),
        XDocument.Load(Repository.Path("Scripts", "GalleryManifest.xml")).Descendants("EngineCommand")
            .Select(command => command.Attribute("Name")!.Value).ToArray());

    private static string[] ExamplesOf(string command) => Help(command).Split("Examples:")[1]
        .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs an example; @$thread is the debugger's, while the target in memory knows addresses and symbols.</summary>
    private static Answer Run(string example) => Session.Run(
        Machines.Target("pushlock153"), example.Replace("@$thread", "ffffc788`38a32040", StringComparison.Ordinal));

    private static string Help(string command)
    {
        var console = new RecordingConsole();
        CommandHost.Run("lockhelp", command == "lockhelp" ? "" : command, Machines.Target("clean"), console);
        return console.Output;
    }
}
