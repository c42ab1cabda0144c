using CsCheck;
using LockLeak.Target;

namespace LockLeak.Tests.Kernel;

/// <summary>Symbols as the debugger prints them.</summary>
[TestClass]
public sealed class SymbolNameTests
{
    [TestMethod]
    [DataRow("nt", "KeBugCheckEx", 0UL, false, "nt!KeBugCheckEx")]
    [DataRow("nt", "KeBugCheckEx", 0x1fUL, false, "nt!KeBugCheckEx+0x1f")]
    [DataRow("TestDriver", null, 0x10e0UL, false, "TestDriver+0x10e0")]
    [DataRow("TestDriver", null, 0UL, false, "TestDriver+0x0")]
    [DataRow("TestDriver", null, 0x10e0UL, true, "<Unloaded_TestDriver>+0x10e0")]
    [DataRow("TestDriver", "Work", 0x4UL, true, "<Unloaded_TestDriver>!Work+0x4")]
    public void PrintsAsTheDebuggerDoes(string module, string? name, ulong displacement, bool unloaded, string expected) =>
        Assert.AreEqual(expected, new SymbolName(module, name, displacement, unloaded).ToString());

    [TestMethod]
    public void TheDisplacementIsHexadecimal() =>
        Gen.ULong[1, ulong.MaxValue].Sample(displacement => Assert.AreEqual(
            displacement, Convert.ToUInt64(new SymbolName("nt", "f", displacement).ToString()["nt!f+".Length..], 16)));
}
