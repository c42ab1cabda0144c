namespace LockLeak.Build.Tests;

/// <summary>Packages that are fetched before a first build.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public class NuGetTests
{
    [TestMethod]
    public void OneLineSaysWhatItCosts()
    {
        using var programs = new Programs();
        using var said = new Said();
        programs.Add("dotnet", "echo noise");

        NuGet.Restore(160, "Extension", "Host");

        Assert.HasCount(1, said.Errors);
        Assert.Contains("Fetching packages from NuGet, up to 160 MB", said.Errors[0]);
    }

    [TestMethod]
    public void WithoutANetworkOneLineSaysWhy()
    {
        using var programs = new Programs();
        using var said = new Said();
        programs.Add("dotnet", """
            echo '  Determining projects to restore...'
            echo '/x/Host.csproj : error NU1301: Unable to load the service index for source https://packages.example/index.json.'
            echo '/x/Host.csproj : error NU1301:   Name or service not known (packages.example:443)'
            exit 1
            """);

        Assert.AreEqual(
            "the packages of Host cannot be fetched: /x/Host.csproj : error NU1301: " +
            "Unable to load the service index for source https://packages.example/index.json.",
            Assert.ThrowsExactly<BuildException>(() => NuGet.Restore(160, "Host")).Message);
    }
}
