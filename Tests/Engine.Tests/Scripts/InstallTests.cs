namespace LockLeak.Engine.Tests.Scripts;

/// <summary>install.ps1 and uninstall.ps1 of the package: what they leave, and what they say where they cannot work.</summary>
[TestClass]
[DoNotParallelize] // install.ps1 reads LOCALAPPDATA, of which the process has one
public sealed class InstallTests
{
    [TestMethod]
    public void InstallingTwiceAndUninstallingLeavesWhatWasThere()
    {
        string home = GalleryPackage.Install();
        string other = Path.Combine(home, "Dbg", "EngineExtensions", "Other.dll");
        File.WriteAllText(other, "");
        GalleryPackage.Run("install.ps1", home);
        string message = GalleryPackage.Run("uninstall.ps1", home);

        Assert.StartsWith("LockLeak is no longer installed in ", message);
        CollectionAssert.AreEqual((string[])[other], Directory.GetFiles(home, "*", SearchOption.AllDirectories));
        Assert.StartsWith("LockLeak is not installed in ", GalleryPackage.Run("uninstall.ps1", home));
        using Debugger debugger = GalleryPackage.Open(home);
        Assert.Contains("No export lockleak found", debugger.Run("!lockleak").Output);
    }

    [TestMethod]
    public void InstallingPartOfThePackageSaysWhatIsMissing()
    {
        string alone = Dumps.Elsewhere("install.ps1");
        File.Copy(Path.Combine(GalleryPackage.Folder, "install.ps1"), alone);

        string home = GalleryPackage.NewHome();
        Assert.Contains("unpack all of LockLeak.zip", GalleryPackage.InHome(home, () => PowerShellScript.Run(alone)).Error);
        Assert.IsEmpty(Directory.GetFileSystemEntries(home));
    }

    [TestMethod]
    [DataRow("install.ps1")]
    [DataRow("uninstall.ps1")]
    public void WithoutAPlaceToInstallToItSaysSo(string script) =>
        Assert.StartsWith("There is no %LOCALAPPDATA% here", GalleryPackage.Run(script, home: null));

    [TestMethod]
    public void WhatCameFromTheWebIsFreedOfItsMark()
    {
        string home = GalleryPackage.NewHome();
        PowerShellScript run = GalleryPackage.InHome(home, () => PowerShellScript.Run(
            Path.Combine(GalleryPackage.Folder, "install.ps1"),
            cmdlets: "$env:PROCESSOR_ARCHITECTURE = 'AMD64'; function Unblock-File { process { [pscustomobject]@{ Unblocked = " +
            "$_.FullName } } }"));

        Assert.AreEqual("", run.Error);
        CollectionAssert.AreEquivalent(
            Directory.GetFiles(GalleryPackage.Folder, "*", SearchOption.AllDirectories),
            run.Output.Select(output => output.Properties["Unblocked"]?.Value).OfType<string>().ToArray());
    }

    [TestMethod]
    [DataRow("ARM64", "This package has no extension for the ARM64 debugger")]
    [DataRow("x86", "This Windows is a 32-bit one")]
    public void AnotherMachineIsToldWhatThePackageLacks(string machine, string expected) =>
        Assert.Contains(expected, GalleryPackage.Run("install.ps1", GalleryPackage.NewHome(), machine));
}
