using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace LockLeak.DbgEng;

/// <summary>Requests that have no method of their own.</summary>
// _Name(): a slot that we do not call (README.md).
[GeneratedComInterface(Options = ComInterfaceOptions.ComObjectWrapper, StringMarshalling = StringMarshalling.Utf16)]
[Guid("cba4abb4-84c4-444d-87ca-a04e13286739")]
public unsafe partial interface IDebugAdvanced3
{
    void _GetThreadContext(); void _SetThreadContext();

    /// <summary>One of DEBUG_REQUEST_*.</summary>
    [PreserveSig] int Request(DEBUG_REQUEST request, void* inBuffer, uint inBufferSize, void* outBuffer, uint outBufferSize, uint* outSize);

    void _GetSourceFileInformation(); void _FindSourceFileAndToken(); void _GetSymbolInformation();
    void _GetSystemObjectInformation(); void _GetSourceFileInformationWide(); void _FindSourceFileAndTokenWide();

    /// <summary>One of DEBUG_SYMINFO_*, such as the IMAGEHLP_MODULEW64 of the module at arg64.</summary>
    [PreserveSig]
    int GetSymbolInformationWide(DEBUG_SYMINFO which, ulong arg64, uint arg32, void* buffer, uint bufferSize, uint* infoSize,
        char* stringBuffer, uint stringBufferSize, uint* stringSize);
}
