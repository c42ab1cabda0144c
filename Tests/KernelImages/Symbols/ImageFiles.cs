using System.Buffers.Binary;
using KernelImages.Kernel;
using KernelImages.Memory;

namespace KernelImages.Symbols;

/// <summary>An image file and its PDB.</summary>
/// <param name="ImageName">Such as ntkrnlmp.exe.</param>
/// <param name="PdbName">Such as ntkrnlmp.pdb, as the image's debug directory says.</param>
public sealed record ImageFiles(string ImageName, string PdbName)
{
    private const int PeHeaderAt = 0x3c, TimeStampInPe = 8, OptionalSizeInPe = 20, OptionalInPe = 24;
    private const int SizeOfImage = 56, SizeOfHeaders = 60, CheckSum = 64, SectionSize = 40;

    /// <summary>The image file.</summary>
    public byte[] Image { get; init; } = [];

    /// <summary>The PDB file.</summary>
    public byte[] Pdb { get; init; } = [];

    /// <summary>The image as it lies in memory.</summary>
    /// <param name="module">The module name that a debugger gives it.</param>
    public ModuleImage InMemory(string module)
    {
        int pe = Number(PeHeaderAt);
        int optional = pe + OptionalInPe;
        Dictionary<uint, byte[]> pages = [];
        Load(pages, 0, Image.AsSpan(0, Number(optional + SizeOfHeaders)));
        int sections = BinaryPrimitives.ReadUInt16LittleEndian(Image.AsSpan(pe + 6));
        int table = optional + BinaryPrimitives.ReadUInt16LittleEndian(Image.AsSpan(pe + OptionalSizeInPe));
        for (int row = table; row < table + sections * SectionSize; row += SectionSize)
        {
            int virtualSize = Number(row + 8), rawSize = Number(row + 16);
            Load(pages, (uint)Number(row + 12), Image.AsSpan(Number(row + 20), Math.Min(virtualSize, rawSize)));
        }
        return new ModuleImage(module, (uint)Number(optional + SizeOfImage), (uint)Number(pe + TimeStampInPe),
            (uint)Number(optional + CheckSum), pages);
    }

    private static void Load(Dictionary<uint, byte[]> pages, uint rva, ReadOnlySpan<byte> bytes)
    {
        for (int offset = 0; offset < bytes.Length; offset += AddressSpace.PageSize)
        {
            ReadOnlySpan<byte> page = bytes[offset..Math.Min(offset + AddressSpace.PageSize, bytes.Length)];
            if (page.ContainsAnyExcept((byte)0)) pages.Add(rva + (uint)offset, page.ToArray());
        }
    }

    private int Number(int offset) => BinaryPrimitives.ReadInt32LittleEndian(Image.AsSpan(offset));
}
