namespace KdTarget.Requests;

/// <summary>DBGKD_MANIPULATE_STATE64.ApiNumber (windbgkd.h: DbgKd...Api): what the debugger asks for.</summary>
public enum KdApi : uint
{
    /// <summary>DbgKdReadVirtualMemoryApi.</summary>
    ReadVirtualMemory = 0x3130,

    /// <summary>DbgKdWriteVirtualMemoryApi.</summary>
    WriteVirtualMemory = 0x3131,

    /// <summary>DbgKdGetContextApi.</summary>
    GetContext = 0x3132,

    /// <summary>DbgKdSetContextApi.</summary>
    SetContext = 0x3133,

    /// <summary>DbgKdWriteBreakPointApi.</summary>
    WriteBreakPoint = 0x3134,

    /// <summary>DbgKdRestoreBreakPointApi.</summary>
    RestoreBreakPoint = 0x3135,

    /// <summary>DbgKdContinueApi. Not answered: the machine runs.</summary>
    Continue = 0x3136,

    /// <summary>DbgKdReadControlSpaceApi.</summary>
    ReadControlSpace = 0x3137,

    /// <summary>DbgKdWriteControlSpaceApi.</summary>
    WriteControlSpace = 0x3138,

    /// <summary>DbgKdContinueApi2. Not answered: the machine runs.</summary>
    Continue2 = 0x313c,

    /// <summary>DbgKdReadPhysicalMemoryApi.</summary>
    ReadPhysicalMemory = 0x313d,

    /// <summary>DbgKdGetVersionApi.</summary>
    GetVersion = 0x3146,

    /// <summary>DbgKdSwitchProcessor. Answered by a state change of that processor.</summary>
    SwitchProcessor = 0x3150,

    /// <summary>DbgKdReadMachineSpecificRegister.</summary>
    ReadMachineSpecificRegister = 0x3152,

    /// <summary>DbgKdSearchMemoryApi.</summary>
    SearchMemory = 0x3156,

    /// <summary>DbgKdClearAllInternalBreakpointsApi. Not answered.</summary>
    ClearAllInternalBreakpoints = 0x315a,

    /// <summary>DbgKdQueryMemoryApi.</summary>
    QueryMemory = 0x315c,

    /// <summary>DbgKdGetContextEx.</summary>
    GetContextEx = 0x315f,

    /// <summary>DbgKdSetContextEx.</summary>
    SetContextEx = 0x3160,
}
