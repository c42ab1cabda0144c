using System.Text;
using CsCheck;
using LockLeak.Kernel;
using LockLeak.Layouts;

namespace LockLeak.Tests.Kernel;

/// <summary>Strings out of target memory: whatever they hold, they cannot break a line, a console or a report.</summary>
[TestClass]
public sealed class TargetTextTests
{
    private const ulong Header = 0xffffc788_20000000, Characters = 0xffffc788_20001000;

    [TestMethod]
    public void NoImageNameBreaksALine() =>
        Gen.Byte.Array[0, 15].Sample(bytes =>
        {
            string text = TargetText.FromBytes(bytes);

            Assert.AreEqual(bytes.TakeWhile(b => b != 0).Count(), text.Length);
            Assert.IsTrue(text.All(IsHarmless), text);
        });

    [TestMethod]
    public void NoThreadNameBreaksALine() =>
        Gen.OneOf(Gen.Byte.Array[0, 200], Gen.String.Select(Encoding.Unicode.GetBytes)).Sample(bytes =>
        {
            string? text = Read((ushort)bytes.Length, bytes);

            Assert.AreEqual(bytes.Length < 2, text is null);
            Assert.IsTrue(text?.All(IsHarmless) ?? true, text);
            Assert.IsTrue(text is null || Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text,
                "no half of a surrogate pair is left");
        });

    [TestMethod]
    public void PrintableTextIsKept() =>
        Gen.String[Gen.Char[' ', '~'], 1, 60].Sample(text =>
        {
            Assert.AreEqual(text, Read((ushort)(2 * text.Length), Encoding.Unicode.GetBytes(text)));
            Assert.AreEqual(text, TargetText.FromBytes(Encoding.Latin1.GetBytes(text)));
        });

    [TestMethod]
    [DataRow("Grüße, мир, 世界 😀", DisplayName = "any script")]
    public void LettersOfAllScriptsAreKept(string text) =>
        Assert.AreEqual(text, Read((ushort)(2 * text.Length), Encoding.Unicode.GetBytes(text)));

    [TestMethod]
    [DataRow("\u202ecod.exe", DisplayName = "right-to-left override")]
    [DataRow("a\u2066b\u2069", DisplayName = "bidirectional isolates")]
    [DataRow("a\u2028b\u2029c", DisplayName = "line and paragraph separators")]
    [DataRow("a\u0085b\u009bc", DisplayName = "C1 controls")]
    [DataRow("a\u001b[31mb", DisplayName = "escape sequence")]
    public void WhatReordersOrEndsALineIsReplaced(string text)
    {
        string read = Read((ushort)(2 * text.Length), Encoding.Unicode.GetBytes(text))!;
        Assert.AreEqual(text.Length, read.Length);
        Assert.IsTrue(read.All(IsHarmless), string.Join(' ', read.Select(c => $"{(int)c:x}")));
    }

    [TestMethod]
    public void ALongNameIsCutOff() => Assert.AreEqual(128, Read(60_000, Encoding.Unicode.GetBytes(new string('x', 30_000)))!.Length);

    [TestMethod]
    public void ANameWhoseCharactersCannotBeReadIsNone()
    {
        var target = new MemoryTarget(KernelTypes.Load("10.0.22621"));
        target.Typed.SetQuads(Header, 0x0010_0010, 0xffffdead_0000c0d0);
        Assert.IsNull(TargetText.ReadUnicodeString(new KernelMemory(target), Header));
        Assert.IsNull(TargetText.ReadUnicodeString(new KernelMemory(target), 0));
    }

    /// <summary>No control character, nothing that ends a line, nothing that changes the direction of what follows.</summary>
    private static bool IsHarmless(char c) =>
        !char.IsControl(c) && c is not ('\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'));

    private static string? Read(ushort length, byte[] characters)
    {
        var target = new MemoryTarget(KernelTypes.Load("10.0.22621"));
        target.Typed.SetQuads(Header, length | (ulong)length << 16, Characters);
        target.Memory.Map(Characters, 1);
        target.Memory.Write(Characters, characters);
        return TargetText.ReadUnicodeString(new KernelMemory(target), Header);
    }
}
