using System.Text.RegularExpressions;
using LockLeak.Build;

namespace LockLeak.Tests.Docs;

/// <summary>
/// README.md says what was tried on what, and says it of the lists that the tests go through. LOCKLEAK_UPDATE_DOCS=1 writes it anew.
/// </summary>
[TestClass]
public sealed partial class TriedTableTests
{
    [TestMethod]
    public void TheReadmeHasTheTable()
    {
        string path = Repository.Path("README.md"), written = File.ReadAllText(path).ReplaceLineEndings("\n");
        Assert.HasCount(1, Table().Matches(written));

        string real = Table().Replace(written, $"<!-- tried -->\n{TriedTable.Text()}<!-- /tried -->");

        if (Written.IsToBeUpdated)
        {
            File.WriteAllText(path, real);
        }

        Assert.AreEqual(real, written);
    }

    [GeneratedRegex("<!-- tried -->\n.*?<!-- /tried -->", RegexOptions.Singleline)]
    private static partial Regex Table();
}
