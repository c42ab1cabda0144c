using LockLeak.Layouts;
using LockLeak.Target;

namespace KernelImages.Tests;

/// <summary>Paths of fields resolve as a debugger resolves them.</summary>
[TestClass]
public sealed class KernelTypesTests
{
    private static readonly KernelTypes Types = KernelTypes.Load(22621);

    [TestMethod]
    public void PathGoesThroughStructures() =>
        Assert.AreEqual(new TypeField(0xb8, 8, 0, 0, true), Types.Field("_ETHREAD", "Tcb.ApcState.Process"));

    [TestMethod]
    public void PathGoesThroughArrays() =>
        Assert.AreEqual(0x6a0 + 2 * 0x60 + 0x12, Types.Field("_ETHREAD", "LockEntries[2].AcquiredByte")?.Offset);

    [TestMethod]
    public void BitFieldHasItsStorageUnit() => Assert.AreEqual(new TypeField(0x560, 4, 0, 1, false), Types.Field("_ETHREAD", "Terminated"));

    [TestMethod]
    [DataRow("_ETHREAD", "NoSuchField")]
    [DataRow("_NO_SUCH_TYPE", "Tcb")]
    [DataRow("_ETHREAD", "Cid.UniqueThread.Deeper")]
    [DataRow("_ETHREAD", "Cid[0]")]
    public void UnknownFieldIsNone(string type, string path) => Assert.IsNull(Types.Field(type, path));

    [TestMethod]
    public void EnumerationsHaveNamesAndValues()
    {
        Assert.AreEqual("WrPushLock", Types.EnumName("_KWAIT_REASON", 28));
        Assert.AreEqual(34, Types.EnumValue("_KWAIT_REASON", "WrFastMutex"));
        Assert.IsNull(Types.EnumName("_KWAIT_REASON", 200));
    }

    [TestMethod]
    public void UnknownBuildIsNamedWithTheKnownOnes() =>
        Assert.Contains("10.0.22621", Assert.ThrowsExactly<ArgumentException>(() => KernelTypes.Load("10.0.12345")).Message);
}
