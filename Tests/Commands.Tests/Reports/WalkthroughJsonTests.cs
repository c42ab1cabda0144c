using System.Text.Json;
using LockLeak.Build;

namespace LockLeak.Tests.Reports;

/// <summary>
/// The walk-through's answers as JSON, value by value but for the time: the files in Expected. Run the tests with
/// LOCKLEAK_UPDATE_DOCS=1 to write them anew, and read what has changed.
/// </summary>
[TestClass]
public sealed class WalkthroughJsonTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [TestMethod]
    [DataRow("!lockleak -json", "lockleak")]
    [DataRow("!threadlocks -json", "threadlocks")]
    [DataRow("!pushlock ffffc788`3a0f6f70 -json", "pushlock")]
    public void JsonIsAsExpected(string line, string file)
    {
        JsonElement json = Session.Run(Machines.Target("pushlock153"), line).Json;
        int time = json.GetProperty("cost").GetProperty("milliseconds").GetInt32();
        string real = JsonSerializer.Serialize(json, Indented)
            .Replace($"\"milliseconds\": {time}", "\"milliseconds\": 0", StringComparison.Ordinal) + "\n";
        string path = Repository.Path($"Tests/Commands.Tests/Reports/Expected/{file}.json");
        if (Written.IsToBeUpdated)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, real);
        }

        Assert.AreEqual(File.ReadAllText(path).ReplaceLineEndings("\n"), real);
    }
}
