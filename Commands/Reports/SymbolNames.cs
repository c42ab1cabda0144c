using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak.Reports;

/// <summary>The symbols of a report's addresses, each looked up once: many threads begin at the same place.</summary>
/// <param name="symbols">The target's.</param>
internal sealed class SymbolNames(ISymbols symbols)
{
    private readonly Dictionary<ulong, SymbolName?> known = [];
    private readonly Dictionary<ulong, string?> texts = [];

    /// <summary>The symbol of a kernel address; null when none is known.</summary>
    public SymbolName? Of(ulong address)
    {
        if (!known.TryGetValue(address, out SymbolName? symbol))
        {
            symbol = KernelMemory.IsKernelAddress(address) ? symbols.At(address) : null;
            known[address] = symbol;
        }

        return symbol;
    }

    /// <summary>The same as text: "TestDriver!Worker+0x4f".</summary>
    public string? Text(ulong address)
    {
        if (!texts.TryGetValue(address, out string? text))
        {
            text = Of(address)?.ToString();
            texts[address] = text;
        }

        return text;
    }
}
