using System.Buffers.Binary;
using System.Runtime.InteropServices;
using KernelImages.Dump;
using KernelImages.Kernel;
using KernelImages.Memory;

namespace KernelImages.Damaged;

/// <summary>Dump files of a machine with damage: of its memory when it crashed, of the file on its way, or by whoever sends it.</summary>
public sealed class DumpDamage
{
    private const int MostPages = 16;

    /// <summary>Where the header says something: the system and its memory, the processor, the exception and the kind of dump.</summary>
    private static readonly (int Start, int End)[] HeaderFields =
        [(0, 0xc0), (DumpHeader.ContextRecord, DumpHeader.ContextRecord + 0x4d0), (DumpHeader.Exception, 0x1060)];

    private static readonly DumpFormat[] Formats = [DumpFormat.Full, DumpFormat.Full, DumpFormat.Bitmap, DumpFormat.Triage];
    private static readonly Kind[] Kinds = Enum.GetValues<Kind>();

    private readonly SyntheticKernel _kernel;
    private readonly MachineDamage _memory;
    private readonly int[] _tables;

    /// <summary>Prepares a machine, which must be one's own.</summary>
    public DumpDamage(SyntheticKernel kernel)
    {
        _kernel = kernel;
        _memory = new MachineDamage(kernel);
        HashSet<int> mapped = [.. kernel.Memory.Pages.Select(page => (int)(page.Value - AddressSpace.FirstFrame))];
        // Frames that no page maps are the page tables.
        _tables = [.. Enumerable.Range(0, kernel.Memory.Frames.Count).Where(frame => !mapped.Contains(frame))];
    }

    private enum Kind { Structures, Truncation, Header, Directory, PageTables, ZeroedPages, ExchangedRegions, AnyPages }

    /// <summary>Writes a damaged dump.</summary>
    /// <param name="path">The file, overwritten.</param>
    /// <param name="seed">Decides the damage; the same does the same again.</param>
    /// <returns>How the file holds the memory, and what was done to it, in a few words.</returns>
    public (DumpFormat Format, string What) Write(string path, int seed)
    {
        Random random = FuzzSeeds.RandomOf(seed);
        DumpFormat format = Formats[random.Next(Formats.Length)];
        // Each kind gets its share; some files have two.
        Kind[] kinds = [Kinds[(uint)seed % (uint)Kinds.Length], .. random.Next(4) == 0 ? [Kinds[random.Next(Kinds.Length)]] : (Kind[])[]];
        if (kinds.Contains(Kind.Structures))
        {
            _memory.Do(random);
            _memory.Redirect(random);
        }
        using MemoryStream file = new();
        DumpWriter.Write(_kernel, file, format);
        _memory.Undo();
        byte[] bytes = file.ToArray();
        int length = bytes.Length;
        foreach (Kind kind in kinds)
        {
            if (kind == Kind.Truncation) length = LengthLeft(random, length);
            else Do(kind, bytes, format, random);
        }
        File.WriteAllBytes(path, bytes[..length]);
        return (format, string.Join(", ", kinds));
    }

    private void Do(Kind kind, byte[] file, DumpFormat format, Random random)
    {
        switch (kind)
        {
            case Kind.Header:
                (int start, int end) = HeaderFields[random.Next(HeaderFields.Length)];
                HurtWords(file.AsSpan(start, end - start), random);
                break;
            case Kind.Directory when format != DumpFormat.Full:
                HurtWords(file.AsSpan(DumpHeader.Size, 0x100), random);
                break;
            case Kind.PageTables when format != DumpFormat.Triage:
                HurtTables(file, random);
                break;
            case Kind.ZeroedPages:
                for (int i = random.Next(1, MostPages); i > 0; i--) PageOf(file, random).Clear();
                break;
            case Kind.ExchangedRegions:
                Exchange(file, random);
                break;
            case Kind.Directory or Kind.PageTables or Kind.AnyPages:
                for (int i = random.Next(1, MostPages); i > 0; i--) _memory.Hurt(PageOf(file, random), random);
                break;
        }
    }

    /// <summary>Anywhere, or in the first pages.</summary>
    private static int LengthLeft(Random random, int length) => random.Next(random.Next(3) == 0 ? Math.Min(length, 0x4000) : length);

    private void HurtWords(Span<byte> bytes, Random random)
    {
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            Span<byte> word = bytes.Slice(random.Next(bytes.Length / 8) * 8, 8);
            if (random.Next(2) == 0) word[random.Next(word.Length)] ^= (byte)(1 << random.Next(8));
            else BinaryPrimitives.WriteUInt64LittleEndian(word, _memory.Value(random));
        }
    }

    /// <summary>Entries that are in use: another frame, bits of their own, or anything.</summary>
    private void HurtTables(byte[] file, Random random)
    {
        int front = file.Length - _kernel.Memory.Frames.Count * AddressSpace.PageSize;
        for (int i = random.Next(1, MostPages); i > 0; i--)
        {
            Span<byte> table = file.AsSpan(front + _tables[random.Next(_tables.Length)] * AddressSpace.PageSize, AddressSpace.PageSize);
            Span<ulong> entries = MemoryMarshal.Cast<byte, ulong>(table);
            int at = random.Next(entries.Length);
            at += Math.Max(0, entries[at..].IndexOfAnyExcept(0UL));
            entries[at] = random.Next(3) switch
            {
                0 => entries[at] ^ 1UL << random.Next(64),
                1 => entries[random.Next(entries.Length)],
                _ => _memory.Value(random),
            };
        }
    }

    /// <summary>As by a tool that puts pieces of a file together in the wrong order.</summary>
    private static void Exchange(byte[] file, Random random)
    {
        int unit = random.Next(2) == 0 ? AddressSpace.PageSize : 8;
        int length = random.Next(1, Math.Min(MostPages, file.Length / unit)) * unit;
        int places = (file.Length - length) / unit;
        Span<byte> one = file.AsSpan(random.Next(places) * unit, length), other = file.AsSpan(random.Next(places) * unit, length);
        byte[] kept = [.. one];
        other.CopyTo(one);
        kept.CopyTo(other);
    }

    private static Span<byte> PageOf(byte[] file, Random random)
    {
        int page = random.Next(DumpHeader.Size / AddressSpace.PageSize, file.Length / AddressSpace.PageSize);
        return file.AsSpan(page * AddressSpace.PageSize, AddressSpace.PageSize);
    }
}
