namespace LockLeak.Build.Tests;

/// <summary>The last line of the tests, which other programs read.</summary>
[TestClass]
public class TestRunTests
{
    [TestMethod]
    [DataRow(0, "12 passed, 1 failed")]
    [DataRow(3, "3 skipped: they cannot run here\n12 passed, 1 failed")]
    public void TheSummaryOfDotnetTestIsRead(int skipped, string expected)
    {
        var counts = new TestCounts();
        string[] summary =
            ["Test run summary: Failed!", "  total: 16", "  failed: 1", "  succeeded: 12", $"  skipped: {skipped}", "  duration: 1s 200ms"];
        foreach (string line in summary)
        {
            counts.Read(line);
        }

        Assert.AreEqual(expected, $"{counts}");
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void TestsThatDoNotCompileAreNoResult()
    {
        using var programs = new Programs();
        using var said = new Said();
        programs.Add("dotnet", "[ $1 != build ]");

        Assert.StartsWith("dotnet build LockLeak.sln", Assert.ThrowsExactly<BuildException>(() => TestRun.Run()).Message);
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void NoTestIsNoSuccess()
    {
        using var programs = new Programs();
        using var said = new Said();
        programs.Add("dotnet", "[ $1 = build ] || echo '  total: 0'");

        Assert.AreEqual("no test ran (dotnet test ended with 0)", Assert.ThrowsExactly<BuildException>(() => TestRun.Run()).Message);
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    [DataRow("echo '  failed: 0'; echo '  succeeded: 5'", 0)]
    [DataRow("echo '  failed: 1'; echo '  succeeded: 5'", 1)]
    [DataRow("echo '  failed: 0'; echo '  succeeded: 5'; exit 2", 1)]
    public void TheExitCodeSaysWhetherAllPassed(string dotnet, int expected)
    {
        using var programs = new Programs();
        using var said = new Said();
        programs.Add("dotnet", $"[ $1 = test ] || exit 0; {dotnet}");

        Assert.AreEqual(expected, TestRun.Run());
        Assert.StartsWith("5 passed, ", said.Output[^1]);
    }
}
