using System.Xml.Linq;
using LockLeak.Build;

namespace LockLeak.Engine.Tests.Scripts;

/// <summary>What ./build.sh package makes, as the real engine takes it.</summary>
[TestClass]
[DoNotParallelize] // install.ps1 reads LOCALAPPDATA, of which the process has one
public sealed class GalleryTests
{
    [TestMethod]
    public void TheSameFilesGiveTheSameZip()
    {
        string first = Dumps.Elsewhere("first.zip"), second = Dumps.Elsewhere("second.zip");
        Package.Make(first);
        Package.Make(second);

        Assert.IsTrue(File.ReadAllBytes(first).AsSpan().SequenceEqual(File.ReadAllBytes(second)));
    }

    [TestMethod]
    [DataRow("!lockleak", "LEAKED")]
    [DataRow("!threadlocks", "4.1928")]
    [DataRow("!pushlock ffffc788`3a0f6f70", "Locked")]
    [DataRow("!lockhelp", "!threadlocks")]
    [DataRow("dx @$lockgraph()", "1 finding")]
    [DataRow("dx @$lockat(0xffffc7883a0f6f70)", "push lock")]
    [DataRow("dx @$lockreport()", "leaked-entry")]
    [DataRow("dx @$threadreport(\"0xffffc78839108040\")", "owns")]
    [DataRow("dx @$pushlockreport(\"0xffffc7883a0f6f70\")", "push lock")]
    [DataRow("dx -r1 @$cursession.Locks", "push lock")]
    [DataRow("dx @$curthread.Locks", "@$curthread.Locks")]
    [DataRow("dx @$curprocess.Locks", "@$curprocess.Locks")]
    public void TheFirstUseLoadsTheInstalledExtension(string command, string expected)
    {
        string home = GalleryPackage.Install();
        using Debugger debugger = GalleryPackage.Open(home);

        Answer answer = debugger.Run(command);
        Assert.AreEqual("", answer.Errors);
        Assert.Contains(expected, answer.Output);
        Assert.DoesNotContain("Error", answer.Output);
        Assert.Contains(Lockleak.PathForWindows(Path.Combine(home, "Dbg", "EngineExtensions", "LockLeak.dll")),
            debugger.Run(".chain").Output);
    }

    /// <summary>
    /// The debugger refuses a manifest with anything in it that it does not know, and says so only in that it has no package.
    /// </summary>
    [TestMethod]
    public void TheDebuggerTakesTheManifestWithItsToolsForAssistants()
    {
        using Debugger debugger = GalleryPackage.Open(GalleryPackage.Install());

        Assert.Contains("LockLeak",
            debugger.Run("dx Debugger.State.ExtensionGallery.ExtensionRepositories.Where(r => r.Name == " +
            "\"UserExtensions\").First().Packages.Select(p => p.Name)").Output);
        string tools = debugger.Run("dx -r4 Debugger.State.MCP.Tools").Output;
        (string, string)[] functions =
            [("lock_report", "@$lockreport"), ("thread_locks", "@$threadreport"), ("push_lock", "@$pushlockreport")];
        foreach ((string name, string function) in functions)
        {
            Assert.Contains($"Name             : {name}\n", tools);
            Assert.Contains($"ModelFunction    : {function}\n", tools);
        }

        Assert.Contains("Name             : address\n", tools);
    }

    [TestMethod]
    public void TheScriptLoadsTheInstalledExtension()
    {
        using Debugger debugger = GalleryPackage.Open(GalleryPackage.Install());

        Assert.StartsWith("1. Thread ffffc788`39108040 (System 4.1928) ended without",
            ScriptProvider.Run(debugger, "invokeScript()").Printed);
    }

    [TestMethod]
    public void WithoutTheExtensionTheScriptSaysSo()
    {
        using Debugger debugger = GalleryPackage.Open(GalleryPackage.NewHome());

        string? message = ScriptProvider.Run(debugger, "try { invokeScript() } catch (error) { error.message }").Result.GetString();
        Assert.AreEqual("!lockleak did not answer: lockleak is not extension gallery command\nNo export lockleak found", message);
    }

    [TestMethod]
    public void AGalleryOfItsOwnNeedsNoInstallation()
    {
        string config = Dumps.Elsewhere("config.xml"), home = GalleryPackage.NewHome();
        string text = File.ReadAllText(Path.Combine(GalleryPackage.Folder, "config.xml"));
        Assert.Contains(@"C:\LockLeak\UserExtensions", text);
        File.WriteAllText(config,
            text.Replace(@"C:\LockLeak\UserExtensions", Lockleak.PathForWindows(Path.Combine(GalleryPackage.Folder, "UserExtensions")),
                StringComparison.Ordinal));
        using (Debugger once = GalleryPackage.Open(home))
        {
            Assert.Contains("has been loaded successfully", once.Run($".settings load \"{Lockleak.PathForWindows(config)}\"").Output);
            once.Run(".settings save");
        }

        using Debugger debugger = GalleryPackage.Open(home);
        Assert.Contains("LEAKED", debugger.Run("!lockleak").Output);
        Assert.Contains(Lockleak.PathForWindows(Path.Combine(GalleryPackage.Folder, "EngineExtensions", "LockLeak.dll")),
            debugger.Run(".chain").Output);
    }

    [TestMethod]
    public void TheManifestNamesWhatTheExtensionHas()
    {
        XElement manifest = XElement.Load(Path.Combine(GalleryPackage.Folder, "UserExtensions", "LockLeak", "GalleryManifest.xml"));
        string[] Names(string element) =>
            [.. manifest.Descendants(element).Select(found => found.Attribute("Name")!.Value).Order(StringComparer.Ordinal)];
        string[] helpTexts = [.. typeof(CommandHost).Assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".txt", StringComparison.Ordinal)).Select(name => name.Split('.')[^2])
            .Order(StringComparer.Ordinal)];

        using var debugger = new Debugger(Dumps.Of("pushlock153"));
        debugger.Run("!lockhelp");
        string[] functions = [.. debugger.Run("dx Debugger.State.FunctionAliases").Output.Split('\n').Skip(1)
            .Select(line => line.Split('[')[0].Trim()).Where(name => name.Length > 0).Order(StringComparer.Ordinal)];

        CollectionAssert.AreEqual(helpTexts, Names("EngineCommand"));
        CollectionAssert.AreEqual(functions, Names("FunctionAlias"));
        Assert.AreEqual($"{typeof(CommandHost).Assembly.GetName().Version}", manifest.Descendants("Version").Single().Value);
    }
}
