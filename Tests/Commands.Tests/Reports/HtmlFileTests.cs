using System.Text.Json;
using System.Text.RegularExpressions;

namespace LockLeak.Tests.Reports;

/// <summary><c>!lockleak -html</c> writes a page that holds the report; what the page looks like is for the browser tests.</summary>
[TestClass]
public sealed partial class HtmlFileTests
{
    [TestMethod]
    public void ThePageHoldsTheReport()
    {
        string file = Path.GetTempFileName();
        try
        {
            Answer answer = Session.Run(Machines.Target("pushlock153"), $"!lockleak -html \"{file}\"");

            Assert.Contains("LEAKED", answer.Output);
            Assert.EndsWith($"The report is in {file}.\n", answer.Output);
            string json = Json().Match(File.ReadAllText(file)).Groups["json"].Value;
            Assert.AreEqual("leaked-entry",
                JsonDocument.Parse(json).RootElement.GetProperty("findings")[0].GetProperty("kind").GetString());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [TestMethod]
    public void AFileThatCannotBeWrittenIsNamed()
    {
        string nowhere = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "report.html");

        Answer answer = Session.Run(Machines.Target("clean"), $"!lockleak -html {nowhere}");

        Assert.StartsWith($"lockleak: The report cannot be written to {nowhere}: ", answer.Errors);
        Assert.AreEqual(1, answer.Errors.Count(c => c == '\n'));
        Assert.Contains("Nothing leaked", answer.Output, "the answer itself is not lost");
    }

    [GeneratedRegex("""<script type="application/json" id="json">(?<json>.*?)</script>""", RegexOptions.Singleline)]
    private static partial Regex Json();
}
