using System.Buffers.Binary;
using System.Text;

namespace KernelImages.Kernel;

/// <summary>The kernel's version resource, as its image has it in memory.</summary>
/// <remarks>
/// https://learn.microsoft.com/windows/win32/debug/pe-format (the .rsrc section) and
/// https://learn.microsoft.com/windows/win32/menurc/vs-versioninfo. It lies in the free part of the page of the headers, for the images of
/// the tests have no resources.
/// </remarks>
internal static class VersionResource
{
    private const uint Rva = 0x800, ResourceDirectoryEntry = 24 + 112 + (2 * 8);
    private const uint MessageTable = 11, Version = 16, UsEnglish = 0x409, IsDirectory = 0x80000000;
    private const uint Root = 0, Names = 0x30, Languages = 0x50, Data = 0x70, Text = 0x80, End = 0xe0;

    /// <summary>Writes it for an image whose headers are in memory.</summary>
    public static void Write(SyntheticKernel kernel, ulong image, Version version)
    {
        Span<byte> resources = stackalloc byte[(int)End];
        resources.Clear();
        // Other types come before the versions.
        Directory(resources[(int)Root..], (MessageTable, IsDirectory | Names), (Version, IsDirectory | Names));
        Directory(resources[(int)Names..], (1u, IsDirectory | Languages));
        Directory(resources[(int)Languages..], (UsEnglish, Data));
        Set(resources, Data, Rva + Text);
        Set(resources, Data + 4, End - Text);
        Set(resources, Text, End - Text | 0x34 << 16);
        Encoding.Unicode.GetBytes("VS_VERSION_INFO").CopyTo(resources[(int)(Text + 6)..]);
        Set(resources, Text + 0x28, 0xfeef04bd);
        Set(resources, Text + 0x30, (uint)version.Major << 16 | (uint)version.Minor);
        Set(resources, Text + 0x34, (uint)version.Build << 16 | (uint)version.Revision & 0xffff);
        kernel.Memory.Write(image + Rva, resources);
        Span<byte> word = stackalloc byte[4];
        kernel.Memory.Read(image + 0x3c, word);
        Span<byte> entry = stackalloc byte[8];
        Set(entry, 0, Rva);
        Set(entry, 4, End);
        kernel.Memory.Write(image + BinaryPrimitives.ReadUInt32LittleEndian(word) + ResourceDirectoryEntry, entry);
    }

    private static void Directory(Span<byte> directory, params ReadOnlySpan<(uint Id, uint Offset)> entries)
    {
        Set(directory, 12, (uint)entries.Length << 16);
        for (uint i = 0; i < entries.Length; i++)
        {
            Set(directory, 16 + 8 * i, entries[(int)i].Id);
            Set(directory, 20 + 8 * i, entries[(int)i].Offset);
        }
    }

    private static void Set(Span<byte> bytes, uint offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[(int)offset..], value);
}
