using LockLeak.DbgEng;
using LockLeak.Target;

namespace LockLeak.Extension;

/// <summary>Names, modules, expressions and stacks, asked of the engine.</summary>
internal sealed unsafe class EngineSymbols(EngineClient engine, UserBreak userBreak) : ISymbols
{
    // Longer names are cut; C++ templates can be longer than anybody wants to read.
    private const int LongestName = 1024;

    // The engine's evaluator recurses: a thousand parentheses overflow its stack (measured with "? ((((...").
    private const int LongestExpression = 512;

    private readonly EngineStack stack = new(engine);

    public bool TryGetAddress(string name, out ulong address)
    {
        ulong found = 0;
        int result = userBreak.Insist(() => engine.Symbols.GetOffsetByNameWide(name, out found));
        address = found;
        return result >= 0;
    }

    public SymbolName? At(ulong address)
    {
        if (engine.Symbols.GetModuleByOffset2(address, 0, DEBUG_GETMOD.DEFAULT, out uint index, out ulong start) < 0)
        {
            return null;
        }

        DEBUG_MODULE_PARAMETERS module;
        if (engine.Symbols.GetModuleParameters(1, null, index, &module) >= 0 && module.Flags.HasFlag(DEBUG_MODULE.UNLOADED))
        {
            string image = Path.GetFileNameWithoutExtension(ModuleName(DEBUG_MODNAME.IMAGE, index));
            return new SymbolName(image, null, address - start, IsUnloaded: true, ModuleStart: start);
        }

        SymbolName name = Nearest(address) ?? new SymbolName(ModuleName(DEBUG_MODNAME.MODULE, index), null, address - start);
        return name with { ModuleStart = start };
    }

    public string? ModuleVersion(ulong module)
    {
        if (engine.Symbols.GetModuleByOffset2(module, 0, DEBUG_GETMOD.DEFAULT, out uint index, out _) < 0)
        {
            return null;
        }

        VS_FIXEDFILEINFO version;
        if (engine.Symbols.GetModuleVersionInformationWide(index, 0, @"\", &version, (uint)sizeof(VS_FIXEDFILEINFO), out _) >= 0)
        {
            (uint high, uint low) = (version.FileVersionMS, version.FileVersionLS);
            return $"{high >> 16}.{high & 0xFFFF}.{low >> 16}.{low & 0xFFFF}";
        }

        DEBUG_MODULE_PARAMETERS facts;
        return engine.Symbols.GetModuleParameters(1, null, index, &facts) >= 0 && facts is { TimeDateStamp: not (0 or uint.MaxValue) }
            ? $"{facts.TimeDateStamp:X8}{facts.Size:x}"
            : null;
    }

    public bool TryEvaluate(string expression, out ulong value)
    {
        value = 0;
        expression = expression.Trim();
        if (expression.Length is 0 or > LongestExpression ||
            engine.Control.EvaluateWide(expression, DEBUG_VALUE_TYPE.INT64, out DEBUG_VALUE found, out uint rest) < 0 ||
            rest != expression.Length)
        {
            return false;
        }

        value = found.I64;
        return true;
    }

    public IReadOnlyList<StackFrame> Stack(ulong thread, int frames) => stack.Of(thread, frames);

    // "module!symbol"; null when the engine has no symbol there and answers with the module alone, or with the name that
    // it makes up for the bytes before the first symbol, "module!_ImageStart <PERF> (module+0x10)".
    private SymbolName? Nearest(ulong address)
    {
        char* buffer = stackalloc char[LongestName];
        if (engine.Symbols.GetNameByOffsetWide(address, buffer, LongestName, out _, out ulong displacement) < 0)
        {
            return null;
        }

        string name = new(buffer);
        int mark = name.IndexOf('!', StringComparison.Ordinal);
        return mark < 0 || name.Contains("<PERF>", StringComparison.Ordinal)
            ? null
            : new SymbolName(name[..mark], name[(mark + 1)..], displacement, Source: SourceLine(address));
    }

    private string? SourceLine(ulong address)
    {
        char* file = stackalloc char[LongestName];
        return engine.Symbols.GetLineByOffsetWide(address, out uint line, file, LongestName, out _, out _) >= 0
            ? $"{Path.GetFileName(new string(file))}:{line}"
            : null;
    }

    private string ModuleName(DEBUG_MODNAME which, uint index)
    {
        char* name = stackalloc char[LongestName];
        return engine.Symbols.GetModuleNameStringWide(which, index, 0, name, LongestName, out _) >= 0 ? new string(name) : "?";
    }
}
