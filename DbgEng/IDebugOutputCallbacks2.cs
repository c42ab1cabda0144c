using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace LockLeak.DbgEng;

/// <summary>What a client gives to the engine to receive output. We implement it.</summary>
[GeneratedComInterface(Options = ComInterfaceOptions.ManagedObjectWrapper)]
[Guid("4bf58045-d654-4c40-b0af-683090f356dc")]
public unsafe partial interface IDebugOutputCallbacks
{
    /// <summary>Text in the ANSI code page. Not called on an object that has <see cref="IDebugOutputCallbacks2"/>.</summary>
    [PreserveSig] int Output(DEBUG_OUTPUT mask, byte* text);
}

/// <summary>Output in Unicode, as text or as DML. The engine asks the object of SetOutputCallbacks for it.</summary>
[GeneratedComInterface(Options = ComInterfaceOptions.ManagedObjectWrapper)]
[Guid("67721fe9-56d2-4a44-a325-2b65513ce6eb")]
public unsafe partial interface IDebugOutputCallbacks2 : IDebugOutputCallbacks
{
    /// <summary>What this object wants to receive.</summary>
    [PreserveSig] int GetInterestMask(DEBUG_OUTCBI* mask);

    /// <summary>One piece of output; text is null for a mere flush.</summary>
    /// <param name="which">DEBUG_OUTCB_*: what the text is.</param>
    /// <param name="flags">DEBUG_OUTCBF_*.</param>
    /// <param name="arg">The <see cref="DEBUG_OUTPUT"/> mask of the text.</param>
    /// <param name="text">UTF-16, zero-terminated.</param>
    [PreserveSig] int Output2(uint which, uint flags, ulong arg, char* text);
}
