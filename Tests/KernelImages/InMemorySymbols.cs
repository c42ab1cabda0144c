using System.Globalization;
using KernelImages.Kernel;
using LockLeak.Layouts;
using LockLeak.Target;

namespace KernelImages;

/// <summary>Symbols of a synthetic kernel. Expressions are hexadecimal numbers and symbol names, nothing more.</summary>
internal sealed class InMemorySymbols(SyntheticKernel kernel, bool hasNoSymbols) : ISymbols
{
    public bool TryGetAddress(string name, out ulong address)
    {
        string[] names = name.Split('!');
        address = 0;
        if (hasNoSymbols || names.Length != 2 || kernel.Modules.Find(names[0]) is not { } module) return false;
        if (!module.Symbols.TryGetValue(names[1], out var symbol)) return false;
        address = module.Base + symbol.Address;
        return true;
    }

    public SymbolName? At(ulong address)
    {
        if (kernel.Modules.At(address) is not { } module) return null;
        ulong rva = address - module.Base, nearest = 0;
        string? name = null;
        foreach ((string candidate, LayoutSymbol symbol) in module.Symbols)
        {
            if (!hasNoSymbols && symbol.Address <= rva && (name is null || symbol.Address > nearest))
                (name, nearest) = (candidate, symbol.Address);
        }
        return new SymbolName(module.Name, name, rva - nearest, module.Unloaded, ModuleStart: module.Base);
    }

    // Windows 7 to 8.1 have no _KLDR_DATA_TABLE_ENTRY among their types, and the engine finds no time stamp there (measured).
    public string? ModuleVersion(ulong module) =>
        kernel.Types.SizeOf("_KLDR_DATA_TABLE_ENTRY") is null ? null : kernel.Modules.At(module)?.ImageKey;

    public bool TryEvaluate(string expression, out ulong value)
    {
        string text = expression.Trim();
        if (TryGetAddress(text, out value)) return true;
        string digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        return ulong.TryParse(digits.Replace("`", "", StringComparison.Ordinal), NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture, out value);
    }

    public IReadOnlyList<StackFrame> Stack(ulong thread, int frames) =>
        kernel.ThreadAt(thread) is { Spec.Processor: null, Stack: { } stack }
            ? [.. stack.Frames.Take(frames)
                .TakeWhile(frame => kernel.Memory.Read(frame.Stack - sizeof(ulong), stackalloc byte[sizeof(ulong)]) == sizeof(ulong))]
            : [];
}
