namespace LockLeak.Build.Tests.House;

/// <summary>Inside a project no files use each other, directly or through others. Documentation may name what it likes.</summary>
[TestClass]
public sealed class FileCirclesTests
{
    [TestMethod]
    [DataRow("Benchmarks", "Benchmarks")]
    [DataRow("Build", "Build")]
    [DataRow("Commands", "LockLeak.Commands")]
    [DataRow("DbgEng", "LockLeak.DbgEng")]
    [DataRow("Extension", "LockLeak", "win-x64")]
    [DataRow("Fleet", "lockleak-fleet")]
    [DataRow("Host", "lockleak", "win-x64")]
    [DataRow("HtmlReport", "LockLeak.HtmlReport")]
    [DataRow("Layouts", "LockLeak.Layouts")]
    [DataRow("Mcp", "lockleak-mcp", "win-x64")]
    [DataRow("Tests/KdTarget", "KdTarget")]
    public void NoFilesUseEachOther(string project, string assembly, string runtime = "")
    {
        IReadOnlyCollection<CompiledType> types = CompiledType.Read(ProjectOutput.Path(project, assembly, runtime));

        Assert.IsNotEmpty(types.Where(type => type.File is not null));
        Assert.AreEqual("", FileCircles.Text(types, Repository.Root));
    }

    [TestMethod]
    public void ACircleIsTold()
    {
        CompiledType first = Type("First", "a.cs"), second = Type("Second", "b.cs"), outside = Type("Outside", "d.cs");
        CompiledType third = Type("Third", "c.cs"), besideThird = Type("Fourth", "c.cs");
        first.Use(second, outside);
        second.Use(third);
        besideThird.Use(outside, first);

        Assert.AreEqual(
            "a.cs -> b.cs: First uses Second\nb.cs -> c.cs: Second uses Third\nc.cs -> a.cs: Fourth uses First",
            FileCircles.Text([first, second, third, besideThird, outside], Repository.Root));
    }

    private static CompiledType Type(string name, string file) => new("LockLeak", name, IsPublic: true, Repository.Path(file));
}
