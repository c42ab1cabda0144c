namespace LockLeak.Build.Tests;

/// <summary>Wine as a build finds it, and the folder that it makes.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public class WineTests
{
    private const string MakesFiles = """mkdir -p "$WINEPREFIX" && echo "REGEDIT $$" > "$WINEPREFIX/system.reg" """;

    [TestMethod]
    public void WineIsThereOnceItWasInstalled()
    {
        using var programs = new Programs();
        string? before = Wine.Loader;
        programs.Add("wine64");

        Assert.AreNotEqual(before, Wine.Loader);
        Assert.AreEqual(Path.Combine(programs.Folder, "wine64"), Wine.Loader);
    }

    [TestMethod]
    public void APrefixIsMadeOnce()
    {
        using var programs = new Programs();
        using var said = new Said();
        programs.Add("wine64", MakesFiles);
        string folder = Path.Combine(programs.Folder, "prefix");

        new WinePrefix(folder, isOurs: true).Make();
        new WinePrefix(folder, isOurs: true).Make();

        CollectionAssert.AreEqual((string[])["wine64 wineboot --init", "wine64 winecfg -v win10", "wineserver64 -k"], programs.Calls);
        Assert.HasCount(1, said.Errors);
    }

    [TestMethod]
    public void WhatAnInterruptionLeftIsMadeAnew()
    {
        using var programs = new Programs();
        using var said = new Said();
        programs.Add("wine64", MakesFiles);
        string folder = Directory.CreateDirectory(Path.Combine(programs.Folder, "prefix")).FullName, half = Path.Combine(folder, "half");
        File.WriteAllText(Path.Combine(folder, "system.reg"), "");
        File.WriteAllText(half, "");

        new WinePrefix(folder, isOurs: true).Make();

        Assert.IsFalse(File.Exists(half));
        // What still runs in it is stopped first: all others would wait for it.
        Assert.AreEqual("wineserver64 -k", programs.Calls[0]);
        Assert.AreEqual("wine64 wineboot --init", programs.Calls[1]);
    }

    [TestMethod]
    public void TheUsersOwnPrefixIsLeftAsItIs()
    {
        using var programs = new Programs();
        programs.Add("wine64", MakesFiles);
        string folder = Directory.CreateDirectory(Path.Combine(programs.Folder, "prefix")).FullName;
        File.WriteAllText(Path.Combine(folder, "system.reg"), "");

        new WinePrefix(folder, isOurs: false).Make();

        Assert.IsEmpty(programs.Calls);
    }

    [TestMethod]
    public void WhatFailsIsNotTakenForAPrefix()
    {
        using var programs = new Programs();
        using var said = new Said();
        programs.Add("wine64", $"{MakesFiles}; exit 3");
        string folder = Path.Combine(programs.Folder, "prefix");

        BuildException first = Assert.ThrowsExactly<BuildException>(new WinePrefix(folder, isOurs: true).Make);
        Assert.StartsWith("Wine cannot make its prefix: wineboot fails with exit code 3 in ", first.Message);
        Assert.ThrowsExactly<BuildException>(new WinePrefix(folder, isOurs: true).Make);
    }

    [TestMethod]
    public void ARelativePrefixIsMeantFromWhereTheUserIs()
    {
        using var programs = new Programs();
        Environment.SetEnvironmentVariable("WINEPREFIX", "my wine");
        Environment.SetEnvironmentVariable("LOCKLEAK_CALLED_FROM", programs.Folder);
        try
        {
            Assert.AreEqual(Path.Combine(programs.Folder, "my wine"), Wine.Prefix);
        }
        finally
        {
            Environment.SetEnvironmentVariable("WINEPREFIX", null);
            Environment.SetEnvironmentVariable("LOCKLEAK_CALLED_FROM", null);
        }
    }
}
