using System.Diagnostics;

namespace LockLeak.Build.Tests;

/// <summary>build.sh, with a dotnet that says how it was called.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public class ShellScriptTests
{
    [TestMethod]
    public void FilesAreMeantFromWhereTheUserIsAlsoThroughALink()
    {
        using var programs = new Programs();
        programs.Add("dotnet", """echo "$PWD|$LOCKLEAK_CALLED_FROM|$*" """);
        string link = Path.Combine(programs.Folder, "link to build.sh");
        File.CreateSymbolicLink(link, Repository.Path("build.sh"));

        Assert.AreEqual(
            $"{Repository.Root}|{programs.Folder}|run --project Build --verbosity quiet -- run -z my dump.dmp",
            Output(link, programs.Folder, "run", "-z", "my dump.dmp"));
    }

    [TestMethod]
    public void TheProgramRunsWhereTheUserIs()
    {
        using var programs = new Programs();
        string there = Path.Combine(programs.Folder, "pwd");
        programs.Add("wine64", $"pwd > '{there}'");
        Environment.SetEnvironmentVariable("LOCKLEAK_CALLED_FROM", programs.Folder);
        try
        {
            Assert.AreEqual(0, Verbs.Run(["-z", "my.dmp"]));
        }
        finally
        {
            Environment.SetEnvironmentVariable("LOCKLEAK_CALLED_FROM", null);
        }

        Assert.AreEqual(programs.Folder, File.ReadAllText(there).TrimEnd('\n'));
        Assert.EndsWith("lockleak.exe -z my.dmp", programs.Calls.Single());
    }

    private static string Output(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd().TrimEnd('\n');
        process.WaitForExit();
        return output;
    }
}
