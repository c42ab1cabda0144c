using System.Text.RegularExpressions;

namespace LockLeak.Build.Tests;

/// <summary>The list of mutants fits the code and the tests as they are; <c>build.sh mutants</c> tries them.</summary>
[TestClass]
public sealed class MutantTests
{
    private static readonly string[] Tests = Directory.GetFiles(Repository.Path("Tests", "Commands.Tests"), "*Tests.cs", SearchOption.AllDirectories);

    public static IEnumerable<string> Faults => Mutant.All.Select(mutant => mutant.Fault);

    [TestMethod]
    [DynamicData(nameof(Faults))]
    public void ItsPlaceIsInTheFileOnce(string fault)
    {
        Mutant mutant = Named(fault);

        Assert.HasCount(2, File.ReadAllText(Repository.Path(mutant.File)).Split(mutant.Original), mutant.Original);
    }

    [TestMethod]
    [DynamicData(nameof(Faults))]
    public void ItsTestIsThere(string fault)
    {
        string[] name = Named(fault).Test.Split('.');
        string file = Tests.Single(file => Path.GetFileNameWithoutExtension(file) == name[0]);

        Assert.MatchesRegex(new Regex($@"\[TestMethod\]\s+(\[[^\n]*\]\s+)*public \w+ {name[1]}\("), File.ReadAllText(file));
    }

    private static Mutant Named(string fault) => Mutant.All.Single(mutant => mutant.Fault == fault);
}
