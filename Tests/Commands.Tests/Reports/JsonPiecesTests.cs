using System.Text.Json;
using KernelImages.Scenarios;
using LockLeak.Reports;

namespace LockLeak.Tests.Reports;

/// <summary>JSON is written as it is made, not put together in memory.</summary>
[TestClass]
public sealed class JsonPiecesTests
{
    [TestMethod]
    public void ALargeReportComesInPieces()
    {
        var console = new RecordingConsole();

        Session.Run(Machines.Target(Ordinary.Busy.Name), "!lockleak -a -json", console);

        Assert.IsLessThan(1 << 16, console.LongestWrite);
        Assert.IsGreaterThan(1 << 20, console.Output.Length);
        StringAssert.EndsWith(console.Output, "}\n");
    }

    /// <summary>
    /// Letters of any language, signs beyond 16 bits, controls and halves of pairs: the text is ASCII, and says the same.
    /// </summary>
    [TestMethod]
    [DataRow("Müller\u2688 \uD83D\uDD12 \"\\\u0001\u007F")]
    [DataRow("'&+<>`")]
    public void EverythingBeyondAsciiIsEscaped(string text)
    {
        string json = JsonEncodedText.Encode(text, new AsciiEncoder()).ToString();

        Assert.IsTrue(json.All(letter => letter is >= ' ' and <= '~'), json);
        Assert.AreEqual(text, JsonElement.Parse($"\"{json}\"").GetString());
    }
}
