using System.Globalization;
using CsCheck;
using LockLeak.Kernel;
using LockLeak.Layouts;

namespace LockLeak.Tests.Kernel;

/// <summary>Addresses as text.</summary>
[TestClass]
public sealed class AddressTests
{
    [TestMethod]
    public void ADebuggerReadsBackWhatItIsShown() =>
        Gen.ULong.Sample(address =>
        {
            string text = Address.Text(address);
            Assert.AreEqual(17, text.Length);
            Assert.AreEqual('`', text[8]);
            Assert.AreEqual(address, ulong.Parse(text.Remove(8, 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
        });

    [TestMethod]
    public void AScriptReadsBackWhatJsonHolds() =>
        Gen.ULong.Sample(address =>
        {
            string text = Address.Json(address);
            Assert.AreEqual(18, text.Length);
            Assert.AreEqual(text.ToLowerInvariant(), text);
            Assert.AreEqual(address, Convert.ToUInt64(text, 16));
        });

    [TestMethod]
    [DataRow(0xffffc788_39108040UL, true)]
    [DataRow(0xffffffff_fffe0000UL, true)]
    [DataRow(0xff800000_00000000UL, true, DisplayName = "57-bit addresses")]
    [DataRow(0x00007ff6_12340000UL, false)]
    [DataRow(0x0000ffff_12340000UL, false)]
    [DataRow(0xffffffff_ffffffffUL, false, DisplayName = "-1")]
    [DataRow(0UL, false)]
    public void OnlyTheKernelHalfIsKernelMemory(ulong address, bool isKernel) =>
        Assert.AreEqual(isKernel, KernelMemory.IsKernelAddress(address));

    [TestMethod]
    [DataRow(0x8664u, 0xffffc788_39108040UL, 0xffffc788_39108040UL)]
    [DataRow(0x8664u, 0x7ab5c788_39108040UL, 0x7ab5c788_39108040UL, DisplayName = "x64 has no pointer authentication")]
    [DataRow(0xAA64u, 0x7ab5c788_39108040UL, 0xfff5c788_39108040UL)]
    [DataRow(0xAA64u, 0x00357ff6_12340000UL, 0x00357ff6_12340000UL, DisplayName = "bit 55 clear: user half")]
    public void PointersOfArm64LoseTheirAuthenticationCode(uint machine, ulong stored, ulong meant) =>
        Assert.AreEqual(meant, new KernelMemory(new MemoryTarget(KernelTypes.Load("10.0.22621"), machine))
            .Canonical(stored));
}
