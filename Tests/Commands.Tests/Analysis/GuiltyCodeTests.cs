using System.Text.Json;
using KernelImages;

namespace LockLeak.Tests.Analysis;

/// <summary>Whose code a finding is about.</summary>
[TestClass]
public sealed class GuiltyCodeTests
{
    /// <summary>Debuggers show the same place in three ways; the defect is the same.</summary>
    [TestMethod]
    public void SymbolsAndTheBuildOfWindowsMakeNoDifference()
    {
        string[] builds = ["10.0.14393", "10.0.19041", "10.0.22621", "10.0.26100"];
        List<JsonElement> findings =
        [
            .. builds.Select(build => First(new InMemoryTarget(Machines.Fresh("pushlock153", build)))),
            First(new InMemoryTarget(Machines.Fresh("pushlock153")) { HasNoSymbols = true }),
        ];

        foreach (JsonElement finding in findings) Assert.AreEqual("leaked-entry:testdriver+0x1240",
            finding.GetProperty("signature").GetString());
        Assert.AreEqual("TestDriver", findings[0].GetProperty("module").GetString());
        Assert.AreEqual("FileMoveThread", findings[0].GetProperty("function").GetString());
        Assert.IsNull(findings[^1].GetProperty("function").GetString());
    }

    [TestMethod]
    public void VersionIsThatOfTheImage() =>
        Assert.AreEqual(Machines.Kernel("pushlock153").Modules.Find("TestDriver")!.ImageKey,
            First(Machines.Target("pushlock153")).GetProperty("moduleVersion").GetString());

    /// <summary>A worker of the kernel is nobody's, and so is a lock in the pool.</summary>
    [TestMethod]
    [DataRow("section-leaked", "leaked-entry:section")]
    [DataRow("not-blocked-push-lock", "ownerless-lock:push lock")]
    public void NobodyIsAccusedWithoutADriver(string scenario, string signature)
    {
        JsonElement finding = First(Machines.Target(scenario));

        Assert.IsNull(finding.GetProperty("module").GetString());
        Assert.AreEqual(signature, finding.GetProperty("signature").GetString());
    }

    private static JsonElement First(InMemoryTarget target) => Session.Run(target, "!lockleak -json").Json.GetProperty("findings")[0];
}
