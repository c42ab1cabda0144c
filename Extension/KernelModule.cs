using LockLeak.DbgEng;

namespace LockLeak.Extension;

/// <summary>The module nt and the symbols that the engine has for it. Equal values have equal types.</summary>
/// <param name="Base">Its address; 0 when there is no such module.</param>
/// <param name="Size">Of the image in memory.</param>
/// <param name="TimeDateStamp">Of the image.</param>
/// <param name="Pdb">Which symbols were loaded: the GUID of their file; zeros when there are none.</param>
/// <param name="PdbAge">The age of that file.</param>
/// <param name="HasTypes">True when the symbols have types.</param>
internal readonly record struct KernelModule(ulong Base, uint Size, uint TimeDateStamp, Guid Pdb, uint PdbAge, bool HasTypes)
{
    /// <summary>Asks the engine, which looks for the symbols if it has not done so yet.</summary>
    public static KernelModule Find(EngineClient engine, UserBreak userBreak)
    {
        if (engine.Symbols.GetModuleByModuleNameWide("nt", 0, out _, out ulong address) < 0)
        {
            return default;
        }

        IMAGEHLP_MODULEW64 module = Describe(engine, address);
        if (module.SymType == DEBUG_SYMTYPE.DEFERRED)
        {
            engine.Symbols.GetTypeIdWide(address, "_ETHREAD", out _);
            // Whoever breaks off a download from a symbol server does not want it begun again: not asked once more.
            userBreak.Arrived();
            module = Describe(engine, address);
        }

        return new KernelModule(address, module.ImageSize, module.TimeDateStamp, module.PdbSig70, module.PdbAge, module.TypeInfo != 0);
    }

    private static unsafe IMAGEHLP_MODULEW64 Describe(EngineClient engine, ulong address)
    {
        var module = new IMAGEHLP_MODULEW64 { SizeOfStruct = (uint)sizeof(IMAGEHLP_MODULEW64) };
        int result = engine.Advanced.GetSymbolInformationWide(
            DEBUG_SYMINFO.IMAGEHLP_MODULEW64, address, 0, &module, module.SizeOfStruct, null, null, 0, null);
        return result >= 0 ? module : default;
    }
}
