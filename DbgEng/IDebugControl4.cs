using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace LockLeak.DbgEng;

/// <summary>Execution, output, expressions and facts about the target.</summary>
// _Name(): a slot that we do not call (README.md).
[GeneratedComInterface(Options = ComInterfaceOptions.ComObjectWrapper, StringMarshalling = StringMarshalling.Utf16)]
[Guid("94e60ce9-9b41-4b19-9fc0-6d9eb35272b3")]
public unsafe partial interface IDebugControl4
{
    void _GetInterrupt(); // DebugControl

    /// <summary>Asks for a break; the one call that any thread may make.</summary>
    [PreserveSig] int SetInterrupt(DEBUG_INTERRUPT flags);

    void _GetInterruptTimeout(); void _SetInterruptTimeout(); void _GetLogFile(); void _OpenLogFile(); void _CloseLogFile();
    void _GetLogMask(); void _SetLogMask(); void _Input(); void _ReturnInput(); void _Output(); void _OutputVaList();
    void _ControlledOutput(); void _ControlledOutputVaList(); void _OutputPrompt(); void _OutputPromptVaList();
    void _GetPromptText(); void _OutputCurrentState(); void _OutputVersionInformation(); void _GetNotifyEventHandle();
    void _SetNotifyEventHandle(); void _Assemble(); void _Disassemble(); void _GetDisassembleEffectiveOffset();
    void _OutputDisassembly(); void _OutputDisassemblyLines(); void _GetNearInstruction();

    /// <summary>Walks the stack of the current scope (three zeros), newest frame first.</summary>
    [PreserveSig]
    int GetStackTrace(
        ulong frameOffset, ulong stackOffset, ulong instructionOffset, DEBUG_STACK_FRAME* frames, uint framesSize, out uint framesFilled);

    void _GetReturnOffset(); void _OutputStackTrace();

    /// <summary>What kind of target is open; the meaning of the qualifier depends on the class.</summary>
    [PreserveSig] int GetDebuggeeType(out DEBUG_CLASS debuggeeClass, out uint qualifier);

    /// <summary>IMAGE_FILE_MACHINE_* of the target.</summary>
    [PreserveSig] int GetActualProcessorType(out uint type);

    void _GetExecutingProcessorType(); void _GetNumberPossibleExecutingProcessorTypes();
    void _GetPossibleExecutingProcessorTypes();

    /// <summary>The number of processors of the target.</summary>
    [PreserveSig] int GetNumberProcessors(out uint number);

    void _GetSystemVersion(); void _GetPageSize(); void _IsPointer64Bit();

    /// <summary>The bug check that the target stopped in; the code is 0 when there is none.</summary>
    [PreserveSig] int ReadBugCheckData(out uint code, out ulong arg1, out ulong arg2, out ulong arg3, out ulong arg4);

    void _GetNumberSupportedProcessorTypes(); void _GetSupportedProcessorTypes(); void _GetProcessorTypeNames();
    void _GetEffectiveProcessorType(); void _SetEffectiveProcessorType();

    /// <summary>What the target does. May be called on any thread.</summary>
    [PreserveSig] int GetExecutionStatus(out DEBUG_STATUS status);

    void _SetExecutionStatus(); void _GetCodeLevel(); void _SetCodeLevel(); void _GetEngineOptions();

    /// <summary>Sets more DEBUG_ENGOPT_*.</summary>
    [PreserveSig] int AddEngineOptions(DEBUG_ENGOPT options);

    void _RemoveEngineOptions(); void _SetEngineOptions(); void _GetSystemErrorControl(); void _SetSystemErrorControl();
    void _GetTextMacro(); void _SetTextMacro(); void _GetRadix(); void _SetRadix(); void _Evaluate(); void _CoerceValue();
    void _CoerceValues(); void _Execute(); void _ExecuteCommandFile(); void _GetNumberBreakpoints();
    void _GetBreakpointByIndex(); void _GetBreakpointById(); void _GetBreakpointParameters(); void _AddBreakpoint();
    void _RemoveBreakpoint(); void _AddExtension(); void _RemoveExtension(); void _GetExtensionByPath();
    void _CallExtension(); void _GetExtensionFunction(); void _GetWindbgExtensionApis32();

    /// <summary>The call-back table of the old extension interface; <see cref="WINDBG_EXTENSION_APIS64.nSize"/> must be set.</summary>
    [PreserveSig] int GetWindbgExtensionApis64(WINDBG_EXTENSION_APIS64* api);

    void _GetNumberEventFilters(); void _GetEventFilterText(); void _GetEventFilterCommand(); void _SetEventFilterCommand();
    void _GetSpecificFilterParameters(); void _SetSpecificFilterParameters(); void _GetSpecificFilterArgument();
    void _SetSpecificFilterArgument(); void _GetExceptionFilterParameters(); void _SetExceptionFilterParameters();
    void _GetExceptionFilterSecondCommand(); void _SetExceptionFilterSecondCommand();

    /// <summary>Runs the target until something happens: S_OK, S_FALSE after the time limit in milliseconds.</summary>
    [PreserveSig] int WaitForEvent(uint flags, uint timeout);

    void _GetLastEventInformation(); void _GetCurrentTimeDate(); void _GetCurrentSystemUpTime(); void _GetDumpFormatFlags();
    void _GetNumberTextReplacements(); void _GetTextReplacement(); void _SetTextReplacement(); void _RemoveTextReplacements();
    void _OutputTextReplacements(); void _GetAssemblyOptions(); void _AddAssemblyOptions(); void _RemoveAssemblyOptions();
    void _SetAssemblyOptions(); void _GetExpressionSyntax(); void _SetExpressionSyntax(); void _SetExpressionSyntaxByName();
    void _GetNumberExpressionSyntaxes(); void _GetExpressionSyntaxNames(); void _GetNumberEvents();
    void _GetEventIndexDescription(); void _GetCurrentEventIndex(); void _SetNextEventIndex(); void _GetLogFileWide();
    void _OpenLogFileWide(); void _InputWide(); void _ReturnInputWide(); void _OutputWide(); void _OutputVaListWide();

    /// <summary>
    /// Formats as printf does and sends to the output callbacks. Declared with one argument of its variable list: the format is
    /// always "%s".
    /// </summary>
    [PreserveSig] int ControlledOutputWide(DEBUG_OUTCTL outputControl, DEBUG_OUTPUT mask, string format, string argument);

    void _ControlledOutputVaListWide(); void _OutputPromptWide(); void _OutputPromptVaListWide();

    /// <summary>The text of the prompt, such as "3: kd".</summary>
    [PreserveSig] int GetPromptTextWide(char* buffer, uint bufferSize, out uint textSize);

    void _AssembleWide(); void _DisassembleWide(); void _GetProcessorTypeNamesWide(); void _GetTextMacroWide();
    void _SetTextMacroWide();

    /// <summary>Evaluates an expression; the index of the first character that was not used comes back.</summary>
    [PreserveSig] int EvaluateWide(string expression, DEBUG_VALUE_TYPE desiredType, out DEBUG_VALUE value, out uint remainderIndex);

    /// <summary>Runs a command line as if the user had typed it.</summary>
    [PreserveSig] int ExecuteWide(DEBUG_OUTCTL outputControl, string command, DEBUG_EXECUTE flags);

    void _ExecuteCommandFileWide(); void _GetBreakpointByIndex2(); void _GetBreakpointById2(); void _AddBreakpoint2();
    void _RemoveBreakpoint2();

    /// <summary>Registers an extension; it is loaded at its first command.</summary>
    [PreserveSig] int AddExtensionWide(string path, uint flags, out ulong handle);

    /// <summary>The handle of an extension that is loaded.</summary>
    [PreserveSig] int GetExtensionByPathWide(string path, out ulong handle);

    void _CallExtensionWide();

    /// <summary>The function _EFN_name of an extension, which is loaded for that if it was not yet.</summary>
    [PreserveSig] int GetExtensionFunctionWide(ulong handle, string name, out nint function);

    void _GetEventFilterTextWide(); void _GetEventFilterCommandWide(); void _SetEventFilterCommandWide();
    void _GetSpecificFilterArgumentWide(); void _SetSpecificFilterArgumentWide(); void _GetExceptionFilterSecondCommandWide();
    void _SetExceptionFilterSecondCommandWide(); void _GetLastEventInformationWide(); void _GetTextReplacementWide();
    void _SetTextReplacementWide(); void _SetExpressionSyntaxByNameWide(); void _GetExpressionSyntaxNamesWide();
    void _GetEventIndexDescriptionWide(); void _GetLogFile2(); void _OpenLogFile2(); void _GetLogFile2Wide();
    void _OpenLogFile2Wide();

    /// <summary>Version of the target operating system; the build number of Windows is kdMinor.</summary>
    [PreserveSig]
    int GetSystemVersionValues(out uint platformId, out uint win32Major, out uint win32Minor, out uint kdMajor, out uint kdMinor);
}
