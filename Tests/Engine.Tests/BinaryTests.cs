using System.Reflection.PortableExecutable;
using LockLeak.Build;

namespace LockLeak.Engine.Tests;

/// <summary>LockLeak.dll and lockleak.exe as files.</summary>
[TestClass]
public sealed class BinaryTests
{
    [TestMethod]
    public void ExtensionExportsItsCommandsAndTheEnginesEntryPoints()
    {
        using PEReader image = Open("LockLeak.dll");
        string[] names =
        [
            "DebugExtensionCanUnload", "DebugExtensionInitialize", "DebugExtensionNotify", "DebugExtensionUninitialize",
            "_EFN_LockLeakOutcome",
            // Each command has a help text; "help" shares that of "lockhelp".
            .. Directory.GetFiles(Repository.Path("Commands", "Help")).Select(file => Path.GetFileNameWithoutExtension(file)!)
                .Append("help").Order(StringComparer.Ordinal),
        ];
        CollectionAssert.AreEqual(names, Exports(image));
    }

    [TestMethod]
    [DataRow("LockLeak.dll", true)]
    [DataRow("lockleak.exe", false)]
    public void ImagesAreNativeFor64BitWindows(string file, bool isDll)
    {
        using PEReader image = Open(file);
        Assert.AreEqual(PEMagic.PE32Plus, image.PEHeaders.PEHeader!.Magic);
        Assert.AreEqual(Machine.Amd64, image.PEHeaders.CoffHeader.Machine);
        Assert.AreEqual(isDll, image.PEHeaders.IsDll);
        Assert.IsNull(image.PEHeaders.CorHeader, "no .NET runtime is needed");
        Assert.IsTrue(image.PEHeaders.PEHeader.DllCharacteristics.HasFlag(
            DllCharacteristics.DynamicBase | DllCharacteristics.NxCompatible));
    }

    /// <summary>docs/performance.md says what is in it.</summary>
    [TestMethod]
    public void ExtensionStaysSmall() =>
        Assert.IsLessThan(5 * 1024 * 1024, new FileInfo(Path.Combine(Repository.Binaries, "LockLeak.dll")).Length);

    private static PEReader Open(string file) => new(File.OpenRead(Path.Combine(Repository.Binaries, file)));

    // IMAGE_EXPORT_DIRECTORY: NumberOfNames at 24, AddressOfNames at 32; the names are sorted.
    private static string[] Exports(PEReader image)
    {
        BinaryReader directory = At(image.PEHeaders.PEHeader!.ExportTableDirectory.RelativeVirtualAddress + 24);
        uint count = directory.ReadUInt32();
        directory.ReadUInt32();
        BinaryReader names = At((int)directory.ReadUInt32());
        return [.. Enumerable.Range(0, (int)count).Select(_ => Text(At((int)names.ReadUInt32())))];

        BinaryReader At(int address) => new(new MemoryStream([.. image.GetSectionData(address).GetContent()]));
        static string Text(BinaryReader bytes) =>
            string.Concat(Enumerable.Repeat(bytes, 256).Select(each => (char)each.ReadByte()).TakeWhile(letter => letter != 0));
    }
}
