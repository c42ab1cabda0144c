using LockLeak.Target;

namespace LockLeak.Tests.Kernel;

/// <summary>What the target says cannot forge a line, and moves no cursor.</summary>
[TestClass]
public sealed class PrintableTextTests
{
    [TestMethod]
    [DataRow("TestDriver", "TestDriver")]
    [DataRow("größer 日本", "größer 日本")]
    [DataRow("un\u001b[31mil\nNothing leaked", "un?[31mil?Nothing leaked")]
    [DataRow("\u202egpj.exe\u2066", "?gpj.exe?")]
    public void WhatIsNotToBeShownIsAQuestionMark(string said, string shown) => Assert.AreEqual(shown, PrintableText.Of(said));

    [TestMethod]
    public void NamesOfModulesAndSymbolsAreSo()
    {
        var symbol = new SymbolName("un\u001b[31mil\n", "a\rb", 0x10, IsUnloaded: true, Source: "c\td");
        Assert.AreEqual("<Unloaded_un?[31mil?>!a?b+0x10", symbol.ToString());
        Assert.AreEqual("c?d", symbol.Source);
    }
}
