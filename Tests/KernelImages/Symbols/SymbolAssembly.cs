using System.Text;
using KernelImages.Kernel;
using LockLeak.Layouts;

namespace KernelImages.Symbols;

/// <summary>
/// Assembly that becomes one section with every public symbol at its RVA, and with unwind data for the functions that
/// stacks go through. Between the symbols there are zeros.
/// </summary>
internal static class SymbolAssembly
{
    /// <summary>RVA of the section, the first after the image's headers.</summary>
    public const uint SectionStart = 0x1000;

    /// <summary>Name of the first byte, for the linker's entry point.</summary>
    public const string EntryPoint = "__ImageStart";

    private const int PrologueSize = 7;
    private const int SectionAlignment = 16;

    /// <summary>The assembly for a set of symbols.</summary>
    /// <param name="symbols">Symbols, at or behind <see cref="SectionStart"/>.</param>
    public static string Of(IReadOnlyDictionary<string, LayoutSymbol> symbols)
    {
        StringBuilder text = new();
        text.Append($".section .text$00000000,\"xr\"\n.globl {EntryPoint}\n{EntryPoint}:\n");
        uint position = SectionStart;
        bool? code = null;
        foreach (var group in symbols.GroupBy(symbol => symbol.Value.Address).OrderBy(group => group.Key))
        {
            LayoutSymbol symbol = group.First().Value;
            if (code != symbol.Code) StartPart(text, ref position, symbol.Address);
            code = symbol.Code;
            Fill(text, ref position, symbol.Address);
            foreach (string name in group.Select(symbol => symbol.Key).Order(StringComparer.Ordinal)) Label(text, name, symbol.Code);
            string? framed = group.Select(symbol => symbol.Key).FirstOrDefault(StackFunctions.All.ContainsKey);
            if (framed is not null) position += Function(text, framed, symbol.Size);
        }
        uint end = symbols.Values.Max(symbol => symbol.Address) + 0x2000 & ~0xfffu;
        Fill(text, ref position, end);
        return text.ToString();
    }

    /// <summary>
    /// Begins another input section where functions change to variables and back: the PDB keeps the input sections as
    /// section contributions, and a debugger tells functions from variables by these. The linker sorts by the name.
    /// </summary>
    private static void StartPart(StringBuilder text, ref uint position, uint address)
    {
        uint start = address & ~(uint)(SectionAlignment - 1);
        if (start < position) return;
        Fill(text, ref position, start);
        text.Append($".section .text${start:x8},\"xr\"\n.p2align 4\n");
    }

    private static void Fill(StringBuilder text, ref uint position, uint address)
    {
        if (address > position) text.Append($".zero {address - position}\n");
        position = Math.Max(position, address);
    }

    private static void Label(StringBuilder text, string name, bool code)
    {
        if (code) text.Append($".def \"{name}\"; .scl 2; .type 32; .endef\n");
        text.Append($".globl \"{name}\"\n\"{name}\":\n");
    }

    /// <summary>A function of its real size whose prologue reserves its frame, the return address aside.</summary>
    private static uint Function(StringBuilder text, string name, uint size)
    {
        int reserved = StackFunctions.FrameSize(name) - 8;
        text.Append($".seh_proc \"{name}\"\n");
        if (reserved > 0) text.Append($".byte 0x48,0x81,0xec\n.long {reserved}\n.seh_stackalloc {reserved}\n");
        text.Append($".seh_endprologue\n.fill {size - (reserved > 0 ? PrologueSize : 0)},1,0x90\n.seh_endproc\n");
        return size;
    }
}
