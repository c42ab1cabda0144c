using System.Buffers.Binary;
using LockLeak.Layouts;

namespace KernelImages.Symbols;

/// <summary>What the linker cannot be told and a stripped kernel PDB has.</summary>
internal static class PdbPatch
{
    private const int DbiStream = 3;

    /// <summary>
    /// Offsets in the DBI stream's header, and in a section contribution (DbiStreamHeader and SectionContrib of LLVM's PDB documentation).
    /// </summary>
    private const int GlobalSymbols = 12, ModuleInfoSize = 24, ContributionsSize = 28, HeaderSize = 64, VersionSize = 4;
    private const int ContributionSize = 28, ContributionOffset = 4, ContributionLength = 8, ContributionCharacteristics = 12;

    /// <summary>Readable, writable, initialized data.</summary>
    private const uint DataCharacteristics = 0xc0000040;

    /// <summary>Rewrites a PDB in place.</summary>
    public static void Apply(string path, IReadOnlyDictionary<string, LayoutSymbol> symbols)
    {
        MsfFile pdb = MsfFile.Read(path);
        byte[] dbi = pdb.ReadStream(DbiStream);
        MarkData(pdb, dbi, symbols);
        RemoveGlobalSymbols(pdb, dbi);
        pdb.Save(path);
    }

    /// <summary>Section contributions that hold variables become data.</summary>
    private static void MarkData(MsfFile pdb, byte[] dbi, IReadOnlyDictionary<string, LayoutSymbol> symbols)
    {
        int first = HeaderSize + Number(dbi, ModuleInfoSize) + VersionSize;
        int end = HeaderSize + Number(dbi, ModuleInfoSize) + Number(dbi, ContributionsSize);
        Span<byte> data = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(data, DataCharacteristics);
        for (int row = first; row + ContributionSize <= end; row += ContributionSize)
        {
            bool inSymbols = BinaryPrimitives.ReadUInt16LittleEndian(dbi.AsSpan(row)) == 1;
            uint start = SymbolAssembly.SectionStart + (uint)Number(dbi, row + ContributionOffset);
            uint stop = start + (uint)Number(dbi, row + ContributionLength);
            var held = symbols.Values.Where(symbol => symbol.Address >= start && symbol.Address < stop).ToList();
            if (inSymbols && held.Count(symbol => !symbol.Code) * 2 > held.Count)
                pdb.WriteStream(DbiStream, row + ContributionCharacteristics, data);
        }
    }

    /// <summary>
    /// Empties the hash of global symbols. The compiler puts an S_UDT record for each type into it, for which a debugger lists the type
    /// twice.
    /// </summary>
    private static void RemoveGlobalSymbols(MsfFile pdb, byte[] dbi)
    {
        const int HashSizes = 8;
        pdb.WriteStream(BinaryPrimitives.ReadUInt16LittleEndian(dbi.AsSpan(GlobalSymbols)), HashSizes, new byte[8]);
    }

    private static int Number(byte[] bytes, int offset) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(offset));
}
