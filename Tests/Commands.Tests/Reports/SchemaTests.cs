using LockLeak.Build;

namespace LockLeak.Tests.Reports;

/// <summary>
/// docs/lockleak-1.schema.json is what the reports' records say. Run the tests with LOCKLEAK_UPDATE_DOCS=1 to write it anew.
/// </summary>
[TestClass]
public sealed class SchemaTests
{
    [TestMethod]
    public void TheSchemaIsThatOfTheReports()
    {
        string path = Repository.Path("docs/lockleak-1.schema.json");
        string real = SchemaWriter.Text();
        if (Written.IsToBeUpdated)
        {
            File.WriteAllText(path, real);
        }

        Assert.AreEqual(File.ReadAllText(path).ReplaceLineEndings("\n"), real);
    }
}
