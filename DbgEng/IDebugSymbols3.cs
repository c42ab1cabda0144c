using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace LockLeak.DbgEng;

/// <summary>Modules, symbols, types and the scope.</summary>
// _Name(): a slot that we do not call (README.md).
[GeneratedComInterface(Options = ComInterfaceOptions.ComObjectWrapper, StringMarshalling = StringMarshalling.Utf16)]
[Guid("f02fbecc-50ac-4f36-9ad9-c975e8f32ff8")]
public unsafe partial interface IDebugSymbols3
{
    void _GetSymbolOptions();

    /// <summary>Sets more SYMOPT_*.</summary>
    [PreserveSig] int AddSymbolOptions(SYMOPT options);

    void _RemoveSymbolOptions(); void _SetSymbolOptions();
    void _GetNameByOffset(); void _GetOffsetByName(); void _GetNearNameByOffset(); void _GetLineByOffset();
    void _GetOffsetByLine(); void _GetNumberModules();
    void _GetModuleByIndex(); void _GetModuleByModuleName(); void _GetModuleByOffset(); void _GetModuleNames();

    /// <summary>Facts about modules, by base or, without bases, by index.</summary>
    [PreserveSig] int GetModuleParameters(uint count, ulong* bases, uint start, DEBUG_MODULE_PARAMETERS* parameters);

    void _GetSymbolModule(); void _GetTypeName(); void _GetTypeId();

    /// <summary>The size of a type in bytes.</summary>
    [PreserveSig] int GetTypeSize(ulong module, uint typeId, out uint size);

    void _GetFieldOffset(); void _GetSymbolTypeId(); void _GetOffsetTypeId(); void _ReadTypedDataVirtual();
    void _WriteTypedDataVirtual(); void _OutputTypedDataVirtual(); void _ReadTypedDataPhysical();
    void _WriteTypedDataPhysical(); void _OutputTypedDataPhysical();

    /// <summary>The scope: instruction, frame and register context.</summary>
    [PreserveSig] int GetScope(out ulong instructionOffset, DEBUG_STACK_FRAME* scopeFrame, void* scopeContext, uint scopeContextSize);

    /// <summary>Sets what <see cref="GetScope"/> gave.</summary>
    [PreserveSig] int SetScope(ulong instructionOffset, DEBUG_STACK_FRAME* scopeFrame, void* scopeContext, uint scopeContextSize);

    void _ResetScope(); void _GetScopeSymbolGroup(); void _CreateSymbolGroup(); void _StartSymbolMatch(); void _GetNextSymbolMatch();
    void _EndSymbolMatch(); void _Reload(); void _GetSymbolPath(); void _SetSymbolPath(); void _AppendSymbolPath();
    void _GetImagePath(); void _SetImagePath(); void _AppendImagePath(); void _GetSourcePath(); void _GetSourcePathElement();
    void _SetSourcePath(); void _AppendSourcePath(); void _FindSourceFile(); void _GetSourceFileLineOffsets();
    void _GetModuleVersionInformation(); void _GetModuleNameString(); void _GetConstantName(); void _GetFieldName();
    void _GetTypeOptions(); void _AddTypeOptions(); void _RemoveTypeOptions(); void _SetTypeOptions();

    /// <summary>"module!symbol" nearest below an address and the distance to it.</summary>
    [PreserveSig] int GetNameByOffsetWide(ulong offset, char* buffer, uint bufferSize, out uint nameSize, out ulong displacement);

    /// <summary>The address of "module!symbol"; S_FALSE when there are several.</summary>
    [PreserveSig] int GetOffsetByNameWide(string symbol, out ulong offset);

    void _GetNearNameByOffsetWide();

    /// <summary>The source line of an address.</summary>
    [PreserveSig]
    int GetLineByOffsetWide(ulong offset, out uint line, char* buffer, uint bufferSize, out uint fileSize, out ulong displacement);

    void _GetOffsetByLineWide();

    /// <summary>A module by its name without extension.</summary>
    [PreserveSig] int GetModuleByModuleNameWide(string name, uint startIndex, out uint index, out ulong @base);

    void _GetSymbolModuleWide(); void _GetTypeNameWide();

    /// <summary>The type with a name in one module.</summary>
    [PreserveSig] int GetTypeIdWide(ulong module, string name, out uint typeId);

    void _GetFieldOffsetWide(); void _GetSymbolTypeIdWide(); void _GetScopeSymbolGroup2(); void _CreateSymbolGroup2();
    void _StartSymbolMatchWide(); void _GetNextSymbolMatchWide(); void _ReloadWide(); void _GetSymbolPathWide();

    /// <summary>Where symbols are looked for.</summary>
    [PreserveSig] int SetSymbolPathWide(string path);

    /// <summary>Adds to the end of the path.</summary>
    [PreserveSig] int AppendSymbolPathWide(string addition);

    void _GetImagePathWide();

    /// <summary>Where images are looked for.</summary>
    [PreserveSig] int SetImagePathWide(string path);

    /// <summary>Adds to the end of the path.</summary>
    [PreserveSig] int AppendImagePathWide(string addition);

    void _GetSourcePathWide(); void _GetSourcePathElementWide(); void _SetSourcePathWide();
    void _AppendSourcePathWide(); void _FindSourceFileWide(); void _GetSourceFileLineOffsetsWide();

    /// <summary>
    /// A part of a module's version resource; of a backslash alone its VS_FIXEDFILEINFO. Fails where the resource is not to be
    /// had.
    /// </summary>
    [PreserveSig] int GetModuleVersionInformationWide(uint index, ulong @base, string item, void* buffer, uint bufferSize, out uint size);

    /// <summary>One of the names of a module.</summary>
    [PreserveSig]
    int GetModuleNameStringWide(DEBUG_MODNAME which, uint index, ulong @base, char* buffer, uint bufferSize, out uint nameSize);

    /// <summary>The name of a value of an enumeration.</summary>
    [PreserveSig] int GetConstantNameWide(ulong module, uint typeId, ulong value, char* buffer, uint bufferSize, out uint nameSize);

    void _GetFieldNameWide(); void _IsManagedModule(); void _GetModuleByModuleName2(); void _GetModuleByModuleName2Wide();

    /// <summary>The module that an address lies in.</summary>
    [PreserveSig] int GetModuleByOffset2(ulong offset, uint startIndex, DEBUG_GETMOD flags, out uint index, out ulong @base);

    void _AddSyntheticModule(); void _AddSyntheticModuleWide(); void _RemoveSyntheticModule();

    /// <summary>The number of the frame that .frame chose.</summary>
    [PreserveSig] int GetCurrentScopeFrameIndex(out uint index);

    /// <summary>Chooses a frame, as .frame does.</summary>
    [PreserveSig] int SetScopeFrameByIndex(uint index);
}
