using System.Buffers.Binary;
using KernelImages.Kernel;
using KernelImages.Memory;

namespace KernelImages.Dump;

/// <summary>Writes crash dumps.</summary>
public static class DumpWriter
{
    /// <summary>BITMAP_DUMP: the size of its header and where the words in it are.</summary>
    private const int BitmapHeaderSize = 0x38, FirstPage = 0x20, PagesInFile = 0x28, PagesInMachine = 0x30;

    /// <summary>Writes the dump of a machine.</summary>
    /// <param name="kernel">The machine.</param>
    /// <param name="path">The file, overwritten.</param>
    /// <param name="format">How the file holds the memory.</param>
    public static void Write(SyntheticKernel kernel, string path, DumpFormat format = DumpFormat.Full)
    {
        using FileStream file = File.Create(path);
        Write(kernel, file, format);
    }

    /// <inheritdoc cref="Write(SyntheticKernel, string, DumpFormat)"/>
    public static void Write(SyntheticKernel kernel, Stream file, DumpFormat format = DumpFormat.Full)
    {
        byte[] front = format switch
        {
            DumpFormat.Bitmap => FrameBitmap(kernel.Memory),
            DumpFormat.Triage => TriageDumpWriter.Content(kernel),
            _ => [],
        };
        IReadOnlyList<byte[]> frames = format == DumpFormat.Triage ? [] : kernel.Memory.Frames;
        file.Write(DumpHeader.Of(kernel, format, (ulong)front.Length + (ulong)frames.Count * AddressSpace.PageSize));
        file.Write(front);
        foreach (byte[] frame in frames) file.Write(frame);
    }

    /// <summary>Where the frames begin, how many there are, and a bit for each of the machine's that the file holds.</summary>
    private static byte[] FrameBitmap(AddressSpace memory)
    {
        int bits = (int)AddressSpace.FirstFrame + memory.Frames.Count;
        int pages = (BitmapHeaderSize + (bits + 7) / 8 + AddressSpace.PageSize - 1) / AddressSpace.PageSize;
        byte[] map = new byte[pages * AddressSpace.PageSize];
        "SDMPDUMP"u8.CopyTo(map);
        BinaryPrimitives.WriteUInt64LittleEndian(map.AsSpan(FirstPage), (ulong)(DumpHeader.Size + map.Length));
        BinaryPrimitives.WriteUInt64LittleEndian(map.AsSpan(PagesInFile), (ulong)memory.Frames.Count);
        BinaryPrimitives.WriteUInt64LittleEndian(map.AsSpan(PagesInMachine), (ulong)bits);
        for (int frame = (int)AddressSpace.FirstFrame; frame < bits; frame++) map[BitmapHeaderSize + frame / 8] |= (byte)(1 << frame % 8);
        return map;
    }
}
