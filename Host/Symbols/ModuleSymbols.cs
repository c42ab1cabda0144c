using System.Reflection.PortableExecutable;
using LockLeak.DbgEng;

namespace LockLeak.Host;

/// <summary>A module of the target and the symbols that the engine has for it.</summary>
/// <param name="engine">The engine.</param>
/// <param name="name">The name before the '!'.</param>
/// <param name="start">Its address.</param>
internal sealed unsafe class ModuleSymbols(EngineClient engine, string name, ulong start)
{
    private const int LongestName = 1024;

    /// <summary>The module with a name; null when there is none.</summary>
    public static ModuleSymbols? Find(EngineClient engine, string name) =>
        engine.Symbols.GetModuleByModuleNameWide(name, 0, out _, out ulong address) >= 0 ? new ModuleSymbols(engine, name, address) : null;

    /// <summary>The name before the '!'.</summary>
    public string Name => name;

    /// <summary>Whether the engine has its PDB; it looks for it, if it has not done so yet.</summary>
    public bool AreLoaded
    {
        get
        {
            if (Describe().SymType == DEBUG_SYMTYPE.DEFERRED)
            {
                engine.Symbols.GetTypeIdWide(start, "_", out _);
            }

            return Describe().SymType == DEBUG_SYMTYPE.PDB;
        }
    }

    /// <summary>Its image as a symbol server knows it.</summary>
    public SymbolFile? Image
    {
        get
        {
            char* image = stackalloc char[LongestName];
            ulong address = start;
            DEBUG_MODULE_PARAMETERS module;
            return engine.Symbols.GetModuleParameters(1, &address, 0, &module) >= 0 && module.TimeDateStamp != 0
                && engine.Symbols.GetModuleNameStringWide(DEBUG_MODNAME.IMAGE, uint.MaxValue, start, image, LongestName, out _) >= 0
                ? SymbolFile.Image(new string(image), module.TimeDateStamp, module.Size)
                : null;
        }
    }

    /// <summary>
    /// Its PDB as a symbol server knows it, as the image in the target's memory says; null when that is not there, as in small dumps.
    /// </summary>
    public SymbolFile? PdbInMemory =>
        PdbIn(() => new PEReader(new TargetMemory(engine, start, Describe().ImageSize), PEStreamOptions.IsLoadedImage));

    /// <summary>Its PDB, as a file says that is its image.</summary>
    public static SymbolFile? PdbInFile(string path) => PdbIn(() => new PEReader(File.OpenRead(path)));

    private static SymbolFile? PdbIn(Func<PEReader> open)
    {
        try
        {
            // Opening it is part of the attempt: a damaged list of modules gives an image a size that no image has.
            using PEReader image = open();
            return image.ReadDebugDirectory().Where(entry => entry.Type == DebugDirectoryEntryType.CodeView)
                .Select(image.ReadCodeViewDebugDirectoryData)
                .Select(data => SymbolFile.Pdb(data.Path, data.Guid, data.Age))
                .FirstOrDefault();
        }
        catch (Exception e)
            when (e is BadImageFormatException or IOException or ArgumentException or OverflowException or OutOfMemoryException)
        {
            return null; // what lies there is no image, or not all of it is there
        }
    }

    private IMAGEHLP_MODULEW64 Describe()
    {
        var module = new IMAGEHLP_MODULEW64 { SizeOfStruct = (uint)sizeof(IMAGEHLP_MODULEW64) };
        int result = engine.Advanced.GetSymbolInformationWide(DEBUG_SYMINFO.IMAGEHLP_MODULEW64, start, 0, &module, module.SizeOfStruct,
            null, null, 0, null);
        return result >= 0 ? module : default;
    }
}
