using LockLeak.Host;

namespace LockLeak.Tests.Reports;

/// <summary>How lockleak.exe tells a whole report from one that was cut, without a copy of it.</summary>
[TestClass]
public sealed class JsonObjectTests
{
    /// <summary>More than is looked at together, so that words lie across the seams.</summary>
    private static readonly string Long = string.Concat(Enumerable.Repeat("{\"name\":\"Müller \uD83D\uDD12\"},", 20_000));

    [TestMethod]
    public void TheMembersOfALongTextAreFound()
    {
        string text = $"{{\"first\":[{Long}0],\"last\":\"{new string('x', 300_000)}\",\"error\":{{}}}}";

        IReadOnlySet<string>? members = JsonObject.Members(text);

        Assert.IsNotNull(members);
        Assert.AreEqual("error first last", string.Join(' ', members.Order()));
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("[{\"a\":1}]")]
    [DataRow("{\"a\":1")]
    [DataRow("{\"a\":1} more")]
    [DataRow("{\"a\":1}}")]
    public void WhatIsNoObjectHasNone(string text) => Assert.IsNull(JsonObject.Members(text));

    [TestMethod]
    public void ALongTextThatIsCutHasNone() => Assert.IsNull(JsonObject.Members($"{{\"first\":[{Long}"));
}
