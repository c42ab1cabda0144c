using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using LockLeak.Build;

namespace LockLeak.Engine.Tests.Scripts;

/// <summary>What ./build.sh package makes: installed by its script for a user of its own, in the real engine.</summary>
[TestClass]
[DoNotParallelize] // install.ps1 reads LOCALAPPDATA, of which the process has one
public class GalleryTests
{
    // Unblock-File, which is on Windows only.
    private const string Unblock = "function Unblock-File { process { } }";

    private static string unpacked = "";

    [ClassInitialize]
    public static void MakePackage(TestContext _)
    {
        string zip = Dumps.Elsewhere("LockLeak.zip");
        Package.Make(zip);
        // As a browser calls the second download; PowerShell takes the brackets for a pattern where it is not told otherwise.
        unpacked = Path.Combine(Path.GetDirectoryName(zip)!, "LockLeak[1]");
        ZipFile.ExtractToDirectory(zip, unpacked);
    }

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
        string home = Install();
        using Debugger debugger = Open(home);

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
        using Debugger debugger = Open(Install());

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
        using Debugger debugger = Open(Install());

        Assert.StartsWith("1. Thread ffffc788`39108040 (System 4.1928) ended without",
            ScriptProvider.Run(debugger, "invokeScript()").Printed);
    }

    [TestMethod]
    public void WithoutTheExtensionTheScriptSaysSo()
    {
        using Debugger debugger = Open(NewHome());

        string? message = ScriptProvider.Run(debugger, "try { invokeScript() } catch (error) { error.message }").Result.GetString();
        Assert.AreEqual("!lockleak did not answer: lockleak is not extension gallery command\nNo export lockleak found", message);
    }

    [TestMethod]
    public void InstallingTwiceAndUninstallingLeavesWhatWasThere()
    {
        string home = Install();
        string other = Path.Combine(home, "Dbg", "EngineExtensions", "Other.dll");
        File.WriteAllText(other, "");
        Run("install.ps1", home);
        string message = Run("uninstall.ps1", home);

        Assert.StartsWith("LockLeak is no longer installed in ", message);
        CollectionAssert.AreEqual((string[])[other], Directory.GetFiles(home, "*", SearchOption.AllDirectories));
        Assert.StartsWith("LockLeak is not installed in ", Run("uninstall.ps1", home));
        using Debugger debugger = Open(home);
        Assert.Contains("No export lockleak found", debugger.Run("!lockleak").Output);
    }

    [TestMethod]
    public void InstallingPartOfThePackageSaysWhatIsMissing()
    {
        string alone = Dumps.Elsewhere("install.ps1");
        File.Copy(Path.Combine(unpacked, "install.ps1"), alone);

        string home = NewHome();
        Assert.Contains("unpack all of LockLeak.zip", InHome(home, () => PowerShellScript.Run(alone)).Error);
        Assert.IsEmpty(Directory.GetFileSystemEntries(home));
    }

    [TestMethod]
    [DataRow("install.ps1")]
    [DataRow("uninstall.ps1")]
    public void WithoutAPlaceToInstallToItSaysSo(string script) =>
        Assert.StartsWith("There is no %LOCALAPPDATA% here", Run(script, home: null));

    [TestMethod]
    public void WhatCameFromTheWebIsFreedOfItsMark()
    {
        string home = NewHome();
        PowerShellScript run = InHome(home, () => PowerShellScript.Run(
            Path.Combine(unpacked, "install.ps1"),
            cmdlets: "$env:PROCESSOR_ARCHITECTURE = 'AMD64'; function Unblock-File { process { [pscustomobject]@{ Unblocked = " +
            "$_.FullName } } }"));

        Assert.AreEqual("", run.Error);
        CollectionAssert.AreEquivalent(
            Directory.GetFiles(unpacked, "*", SearchOption.AllDirectories),
            run.Output.Select(output => output.Properties["Unblocked"]?.Value).OfType<string>().ToArray());
    }

    [TestMethod]
    [DataRow("ARM64", "This package has no extension for the ARM64 debugger")]
    [DataRow("x86", "This Windows is a 32-bit one")]
    public void AnotherMachineIsToldWhatThePackageLacks(string machine, string expected) =>
        Assert.Contains(expected, Run("install.ps1", NewHome(), machine));

    [TestMethod]
    public void AGalleryOfItsOwnNeedsNoInstallation()
    {
        string config = Dumps.Elsewhere("config.xml"), home = NewHome();
        string text = File.ReadAllText(Path.Combine(unpacked, "config.xml"));
        Assert.Contains(@"C:\LockLeak\UserExtensions", text);
        File.WriteAllText(config,
            text.Replace(@"C:\LockLeak\UserExtensions", Lockleak.PathForWindows(Path.Combine(unpacked, "UserExtensions")),
                StringComparison.Ordinal));
        using (Debugger once = Open(home))
        {
            Assert.Contains("has been loaded successfully", once.Run($".settings load \"{Lockleak.PathForWindows(config)}\"").Output);
            once.Run(".settings save");
        }

        using Debugger debugger = Open(home);
        Assert.Contains("LEAKED", debugger.Run("!lockleak").Output);
        Assert.Contains(Lockleak.PathForWindows(Path.Combine(unpacked, "EngineExtensions", "LockLeak.dll")), debugger.Run(".chain").Output);
    }

    [TestMethod]
    public void TheManifestNamesWhatTheExtensionHas()
    {
        XElement manifest = XElement.Load(Path.Combine(unpacked, "UserExtensions", "LockLeak", "GalleryManifest.xml"));
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

    private static string Install()
    {
        string home = NewHome();
        Assert.StartsWith("LockLeak is installed in ", Run("install.ps1", home));
        return home;
    }

    // Its blank has Wine put it into quotes, so that cmd takes nothing behind it for a part of it.
    private static string NewHome() => Directory.CreateDirectory(Dumps.Elsewhere("local data")).FullName;

    private static string Run(string script, string? home, string machine = "AMD64")
    {
        PowerShellScript run = InHome(home,
            () => PowerShellScript.Run(Path.Combine(unpacked, script), cmdlets: $"$env:PROCESSOR_ARCHITECTURE = '{machine}'; {Unblock}"));
        return string.Join('\n', run.Output.Select(line => line.ToString())) + run.Error;
    }

    private static T InHome<T>(string? home, Func<T> run)
    {
        string? real = Environment.GetEnvironmentVariable("LOCALAPPDATA");
        Environment.SetEnvironmentVariable("LOCALAPPDATA", home);
        try
        {
            return run();
        }
        finally
        {
            Environment.SetEnvironmentVariable("LOCALAPPDATA", real);
        }
    }

    private static Debugger Open(string home)
    {
        Dump dump = Dumps.Of("pushlock153");
        string[] arguments = ["-z", dump.Path, "-y", dump.Symbols, "-i", dump.Symbols, "--bare", "--script"];
        ProcessStartInfo start = Lockleak.Start(arguments);
        if (OperatingSystem.IsWindows())
        {
            start.Environment["LOCALAPPDATA"] = home;
        }
        else
        {
            // Wine gives the first process its own LOCALAPPDATA; those that this one starts inherit.
            start.WorkingDirectory = Repository.Binaries;
            start.ArgumentList.Clear();
            foreach (string word in (string[])["cmd", "/c", "set", $"LOCALAPPDATA={Lockleak.PathForWindows(home)}", "&&", "lockleak.exe",
                .. arguments])
            {
                start.ArgumentList.Add(word);
            }
        }

        return new Debugger(start);
    }
}
