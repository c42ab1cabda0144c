using System.Diagnostics;
using System.Text.Json.Nodes;
using LockLeak.Build;

namespace LockLeak.Engine.Tests;

/// <summary>lockleak.exe away from where it was built: it finds a debugger engine and the extension, or says how to get them.</summary>
[TestClass]
public sealed class FolderTests
{
    private static readonly string Root = Directory.CreateTempSubdirectory("lockleak-folders-").FullName;
    private static readonly Dump Walkthrough = Dumps.Of("pushlock153");

    [TestMethod]
    public void WithoutAnEngineOneLineSaysHowToGetOne()
    {
        Lockleak run = Run(Unpack(), programs: Folder(), "-json");
        Assert.AreEqual(
            @"lockleak: there is no debugger engine: install WinDbg (winget install Microsoft.WinDbg), " +
            @"or put the DLLs of the NuGet package Microsoft.Debugging.Platform.DbgEng (content\amd64) beside lockleak.exe",
            run.Errors.TrimEnd());
        Assert.AreEqual("no-engine", JsonNode.Parse(run.Output)!["error"]!["code"]!.GetValue<string>());
        Assert.IsFalse(JsonNode.Parse(run.Output)!["error"]!["permanent"]!.GetValue<bool>());
        Assert.AreEqual(2, run.ExitCode);
    }

    [TestMethod]
    public void InstalledDebuggingToolsAreFoundAndTheZipRunsWhereItIsUnpacked()
    {
        string programs = Folder();
        CopyEngine(Path.Combine(programs, "Windows Kits", "10", "Debuggers", "x64"));
        Lockleak run = Run(Unpack(), programs);
        StringAssert.Contains(run.Output, "LEAKED  Thread ffffc788`39108040");
        Assert.AreEqual(1, run.ExitCode, run.Errors);
    }

    [TestMethod]
    public void TheDebuggersTableOfPoolTagsIsRead()
    {
        string engine = Path.Combine(Folder(), "Windows Kits", "10", "Debuggers", "x64");
        CopyEngine(engine);
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(engine, "triage")).FullName, "pooltag.txt"),
            "rem\nNtFs - ntfs.sys     -     StrucSup.c\n");
        Lockleak run = Run(Unpack(), Path.GetFullPath(Path.Combine(engine, "../../../..")), Dumps.Of("pool-tag"));
        StringAssert.Contains(run.Output, "waits at least 3s for resource in pool NtFs of ntfs.sys, exclusive");
    }

    [TestMethod]
    public void WithoutTheExtensionOneLineSaysWhereItWasLookedFor()
    {
        string tools = Unpack();
        CopyEngine(tools);
        File.Delete(Path.Combine(tools, "..", "EngineExtensions", "LockLeak.dll"));
        Lockleak run = Run(tools, programs: Folder());
        StringAssert.StartsWith(run.Complaints, "lockleak: LockLeak.dll is not there; it is looked for in ");
        StringAssert.Contains(run.Complaints, @"EngineExtensions");
        Assert.AreEqual(2, run.ExitCode);
    }

    [ClassCleanup]
    public static void RemoveFolders() => Directory.Delete(Root, recursive: true);

    // As the zip has it.
    private static string Unpack()
    {
        string root = Folder(), tools = Directory.CreateDirectory(Path.Combine(root, "Tools")).FullName;
        File.Copy(Path.Combine(Repository.Binaries, "lockleak.exe"), Path.Combine(tools, "lockleak.exe"));
        Directory.CreateDirectory(Path.Combine(root, "EngineExtensions"));
        File.Copy(Path.Combine(Repository.Binaries, "LockLeak.dll"), Path.Combine(root, "EngineExtensions", "LockLeak.dll"));
        return tools;
    }

    private static void CopyEngine(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string name in (string[])["dbgcore.dll", "dbgeng.dll", "dbghelp.dll", "dbgmodel.dll", "msdia140.dll"])
        {
            File.Copy(Path.Combine(Repository.Binaries, name), Path.Combine(folder, name));
        }
    }

    // In letters that Wine's cmd reads in any locale.
    private static string Folder() => Directory.CreateDirectory(Path.Combine(Root, Path.GetRandomFileName())).FullName;

    private static Lockleak Run(string tools, string programs, params string[] options) => Run(tools, programs, Walkthrough, options);

    private static Lockleak Run(string tools, string programs, Dump dump, params string[] options)
    {
        string program = Path.Combine(tools, "lockleak.exe");
        string[] arguments = [dump.Path, "-y", dump.Symbols, "-i", dump.Symbols, .. options];
        ProcessStartInfo start = Lockleak.Start([]);
        start.ArgumentList.Clear();
        if (OperatingSystem.IsWindows())
        {
            start.FileName = program;
            start.Environment["ProgramFiles(x86)"] = programs;
            foreach (string argument in arguments)
            {
                start.ArgumentList.Add(argument);
            }
        }
        else
        {
            // Wine gives the first process its own idea of the programs' folder; what that process starts inherits its variables.
            // The arguments come in variables, too: cmd reads a script in the code page of the console.
            string script = Path.Combine(tools, "run.cmd");
            File.WriteAllText(script,
                $"@set \"ProgramFiles(x86)={Lockleak.PathForWindows(programs)}\"\r\n@\"{Lockleak.PathForWindows(program)}\"" +
                $"{string.Concat(arguments.Index().Select(item => $" \"%ARGUMENT{item.Index}%\""))}\r\n");
            foreach ((int index, string argument) in arguments.Index())
            {
                start.Environment[$"ARGUMENT{index}"] = argument;
            }

            start.ArgumentList.Add("cmd");
            start.ArgumentList.Add("/c");
            start.ArgumentList.Add(Lockleak.PathForWindows(script));
        }

        return Lockleak.Run(start);
    }
}
