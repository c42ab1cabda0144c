using System.Diagnostics;
using System.Text.Json.Nodes;

namespace LockLeak.Engine.Tests.Seams;

/// <summary>Files that cannot be written, and paths in any letters: the answer is not lost, and one line says what is missing.</summary>
[TestClass]
public sealed class FileTests
{
    private const int Limit = 120_000;

    private static readonly Dump Walkthrough = Dumps.Of("pushlock153");

    public static IEnumerable<object[]> Places =>
    [
        .. from option in (string[])["-dot", "-html"] from folder in (string[])[Nowhere, Unwritable] select new object[] { option, folder },
    ];

    private static string Nowhere => Lockleak.PathForWindows(Path.Combine(Path.GetTempPath(), "no such folder"));

    /// <summary>A folder in which nobody makes files, the administrator neither.</summary>
    private static string Unwritable => OperatingSystem.IsWindows() ? @"C:\System Volume Information" : Lockleak.PathForWindows("/proc");

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    [DynamicData(nameof(Places))]
    public void FileThatCannotBeMadeIsNamed(string option, string folder)
    {
        Lockleak run = Lockleak.On(Walkthrough, "-c", $"!lockleak {option} \"{folder}\\x\"");

        AssertIsSaid(run, $@"cannot be written to {folder}\x: ");
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)] // there a full disk is a disk of its own
    [DataRow("-dot")]
    [DataRow("-html")]
    public void FileOnAFullDiskIsNamed(string option)
    {
        string file = Lockleak.PathForWindows("/dev/full");

        Lockleak run = Lockleak.On(Walkthrough, "-c", $"!lockleak {option} {file}");

        AssertIsSaid(run, $"cannot be written to {file}: ");
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    [DataRow("")]
    [DataRow("-json")]
    [DataRow("-json", "missing.dmp")]
    [DataRow("-h")]
    public void StandardOutputOnAFullDiskIsAnError(params string[] options)
    {
        string[] given = [.. options.Where(option => option.Length > 0)];
        Lockleak run = OnFullDisk(["-z", Walkthrough.Path, "-y", Walkthrough.Symbols, "-i", Walkthrough.Symbols, .. given]);

        Assert.AreEqual("", run.Output);
        string[] lines = [.. run.Complaints.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        Assert.Contains("lockleak: standard output cannot be written, the answer is incomplete: ", run.Errors);
        Assert.IsTrue(Array.TrueForAll(lines, line => line.StartsWith("lockleak: ", StringComparison.Ordinal)), run.Errors);
        Assert.AreEqual(Lockleak.CouldNotRun, run.ExitCode);
    }

    /// <summary>A PDB that does not fit into the cache is as one that the server does not have.</summary>
    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void SymbolCacheOnAFullDiskCostsTheSymbolsOnly()
    {
        using var server = SymbolServer.Of(Walkthrough);
        string cache = Path.GetDirectoryName(Dumps.Elsewhere("x"))!;

        AssertAnswersWithoutSymbols(OnFullDisk(["-z", Walkthrough.Path, "-json", "-y", $"srv*{cache}*{server.Address}"], blocks: 64));

        Assert.IsEmpty(Directory.EnumerateFiles(cache, "*", SearchOption.AllDirectories), "no half of a file for the next to trip over");
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public void SymbolCacheThatCannotBeWrittenCostsTheSymbolsOnly()
    {
        using var server = SymbolServer.Of(Walkthrough);

        AssertAnswersWithoutSymbols(Lockleak.Run("-z", Walkthrough.Path, "-json", "-y", $@"srv*{Unwritable}\cache*{server.Address}"));
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public void PathsMayHaveAnyLetters()
    {
        string folder = Path.Combine(Path.GetDirectoryName(Dumps.Elsewhere("x"))!, "größe 日本 ДАМП [1] (2) 100%");
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(Walkthrough.Symbols))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        string dump = Path.Combine(folder, Path.GetFileName(Walkthrough.Path));
        string path = Lockleak.PathForWindows(dump), symbols = Lockleak.PathForWindows(folder);
        Lockleak run = Lockleak.Run(path, "-json", "-y", symbols, "-i", symbols);

        JsonNode report = JsonNode.Parse(run.Output)!;
        Assert.AreEqual(path, report["dump"]!["file"]!.GetValue<string>());
        Assert.AreEqual("pdb", report["target"]!["layout"]!.GetValue<string>(), run.Errors);
        Assert.AreEqual("leaked-entry", report["findings"]![0]!["kind"]!.GetValue<string>());
    }

    /// <summary>
    /// A debugger gives extensions their arguments in the machine's code page. What it lacks is no reason to write elsewhere.
    /// </summary>
    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public void NameThatTheCodePageLacksIsWrittenThereOrNowhere()
    {
        string file = Dumps.Elsewhere("日本.dot"), folder = Path.GetDirectoryName(file)!;

        Lockleak run = Lockleak.On(Walkthrough, "-c", $"!lockleak -dot \"{Lockleak.PathForWindows(file)}\"");

        string[] made = Directory.GetFiles(folder);
        if (made.Length == 0)
        {
            AssertIsSaid(run, "The wait-for graph cannot be written to ");
        }
        else
        {
            CollectionAssert.AreEqual((string[])[file], made);
        }
    }

    private static void AssertIsSaid(Lockleak run, string what)
    {
        Assert.Contains("LEAKED  Thread ffffc788`39108040", run.Output, "the answer itself is not lost");
        string[] lines = run.Complaints.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(1, lines, run.Errors);
        Assert.Contains(what, lines[0]);
        Assert.AreEqual(Lockleak.CouldNotRun, run.ExitCode);
    }

    private static void AssertAnswersWithoutSymbols(Lockleak run)
    {
        JsonNode report = JsonNode.Parse(run.Output)!;
        Assert.AreEqual("leaked-entry", report["findings"]![0]!["kind"]!.GetValue<string>());
        Assert.AreEqual("built-in", report["target"]!["layout"]!.GetValue<string>());
        Assert.IsGreaterThan(0, report["missingSymbols"]![0]!["reason"]!.GetValue<string>().Length);
        Assert.AreEqual(1, run.ExitCode, run.Errors);
    }

    /// <summary>Runs lockleak where no file grows beyond a number of blocks, its standard output neither: as on a full disk.</summary>
    private static Lockleak OnFullDisk(IEnumerable<string> arguments, int blocks = 0)
    {
        ProcessStartInfo start = Lockleak.Start(arguments);
        string output = Dumps.Elsewhere("output.txt");
        // Without the trap the system would end the program.
        string[] words = ["-c", $"trap '' XFSZ; ulimit -f {blocks}; exec \"$@\" > '{output}'", "sh", start.FileName, .. start.ArgumentList];
        start.FileName = "sh";
        start.ArgumentList.Clear();
        foreach (string word in words)
        {
            start.ArgumentList.Add(word);
        }

        return Lockleak.Run(start) with { Output = File.ReadAllText(output) };
    }
}
