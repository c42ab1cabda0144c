namespace LockLeak.DbgEng;

// The constants of dbgeng.h that we use: PREFIX_NAME there is PREFIX.NAME here.

/// <summary>What kind of output a text is.</summary>
[Flags]
public enum DEBUG_OUTPUT : uint
{
    /// <summary>Ordinary output.</summary>
    NORMAL = 0x1,
    /// <summary>Error output.</summary>
    ERROR = 0x2,
    /// <summary>Symbol messages, such as those of <c>!sym noisy</c>.</summary>
    SYMBOLS = 0x200,
    /// <summary>Output for the status bar.</summary>
    STATUS = 0x400,
}

/// <summary>Kinds of output for those who debug the debugger; the same numbers as <see cref="DEBUG_OUTPUT"/>, for the same mask.</summary>
[Flags]
public enum DEBUG_IOUTPUT : uint
{
    /// <summary>What goes over a KD connection (Ctrl+D in kd, Ctrl+Alt+D in WinDbg).</summary>
    KD_PROTOCOL = 0x80000000,
}

/// <summary>Where output goes.</summary>
public enum DEBUG_OUTCTL : uint
{
    /// <summary>To the callbacks of the calling client.</summary>
    THIS_CLIENT = 0,
    /// <summary>To whoever sees the output of the running command; DML becomes text where it is not taken.</summary>
    AMBIENT_DML = 0xFFFFFFFE,
    /// <summary>To whoever sees the output of the running command, as plain text.</summary>
    AMBIENT_TEXT = 0xFFFFFFFF,
}

/// <summary>What output callbacks want.</summary>
[Flags]
public enum DEBUG_OUTCBI : uint
{
    /// <summary>Text.</summary>
    TEXT = 2,
    /// <summary>Markup.</summary>
    DML = 4,
}

/// <summary>Options of IDebugControl::Execute.</summary>
[Flags]
public enum DEBUG_EXECUTE : uint
{
    /// <summary>Not to the log file.</summary>
    NOT_LOGGED = 2,
    /// <summary>An empty command later does not repeat this one.</summary>
    NO_REPEAT = 4,
}

/// <summary>Ways to ask for a break.</summary>
public enum DEBUG_INTERRUPT : uint
{
    /// <summary>Break into the target or stop the running command.</summary>
    ACTIVE = 0,
    /// <summary>Stop the running command.</summary>
    PASSIVE = 1,
}

/// <summary>What a target does.</summary>
public enum DEBUG_STATUS : uint
{
    /// <summary>It is stopped.</summary>
    BREAK = 6,
    /// <summary>There is none, or it has not answered yet.</summary>
    NO_DEBUGGEE = 7,
}

/// <summary>What becomes of the target at the end of a session.</summary>
public enum DEBUG_END : uint
{
    /// <summary>Nothing is done to the target.</summary>
    PASSIVE = 0,
    /// <summary>A live target runs on.</summary>
    ACTIVE_DETACH = 2,
}

/// <summary>Kinds of kernel connection.</summary>
public enum DEBUG_ATTACH_KERNEL : uint
{
    /// <summary>KD over the transport that the connect options name.</summary>
    CONNECTION = 0,
}

/// <summary>Classes of targets.</summary>
public enum DEBUG_CLASS : uint
{
    /// <summary>No target.</summary>
    UNINITIALIZED = 0,
    /// <summary>A kernel.</summary>
    KERNEL = 1,
}

/// <summary>Kinds of dump: the qualifier of GetDebuggeeType from SMALL on; below it the target is live.</summary>
public enum DEBUG_DUMP : uint
{
    /// <summary>Small, or triage, dump.</summary>
    SMALL = 1024,
    /// <summary>Kernel memory.</summary>
    DEFAULT = 1025,
    /// <summary>All memory.</summary>
    FULL = 1026,
    /// <summary>All memory in use.</summary>
    ACTIVE = 1030,
}

/// <summary>Options of the engine.</summary>
[Flags]
public enum DEBUG_ENGOPT : uint
{
    /// <summary>Break into a kernel target as soon as it is connected.</summary>
    INITIAL_BREAK = 0x20,
    /// <summary>Commands mark their output up unasked (<c>.prefer_dml 1</c>).</summary>
    PREFER_DML = 0x40000,
}

/// <summary>Requests of IDebugAdvanced2.</summary>
public enum DEBUG_REQUEST : uint
{
    /// <summary>S_OK when the output callbacks in force take DML, S_FALSE when not.</summary>
    CURRENT_OUTPUT_CALLBACKS_ARE_DML_AWARE = 19,
}

/// <summary>Kinds of symbol information.</summary>
public enum DEBUG_SYMINFO : uint
{
    /// <summary><see cref="DbgEng.IMAGEHLP_MODULEW64"/> of a module.</summary>
    IMAGEHLP_MODULEW64 = 1,
}

/// <summary>Values of KDDEBUGGER_DATA64, by their offset in it.</summary>
public enum DEBUG_DATA : uint
{
    /// <summary>Address of nt!PsActiveProcessHead.</summary>
    PsActiveProcessHeadAddr = 80,
    /// <summary>Address of nt!ExpSystemResourcesList.</summary>
    ExpSystemResourcesListAddr = 96,
    /// <summary>Address of nt!NtBuildLab.</summary>
    NtBuildLabAddr = 520,
}

/// <summary>Values of one processor (DEBUG_DATA_KTHREAD_OFFSET and its neighbours).</summary>
public enum DEBUG_DATA_PROCESSOR : uint
{
    /// <summary>Address of the processor's KPRCB.</summary>
    KPRCB_OFFSET = 1,

    /// <summary>Address of the running thread's KTHREAD.</summary>
    KTHREAD_OFFSET = 2,
}

/// <summary>Which modules a look-up by address sees.</summary>
public enum DEBUG_GETMOD : uint
{
    /// <summary>Loaded and unloaded ones.</summary>
    DEFAULT = 0,
}

/// <summary>Names of a module.</summary>
public enum DEBUG_MODNAME : uint
{
    /// <summary>File name of the image.</summary>
    IMAGE = 0,
    /// <summary>The name before the '!'.</summary>
    MODULE = 1,
}

/// <summary>Flags of a module.</summary>
[Flags]
public enum DEBUG_MODULE : uint
{
    /// <summary>The module has been unloaded.</summary>
    UNLOADED = 1,
}

/// <summary>Kinds of symbols that a module has, as dbghelp and DEBUG_MODULE_PARAMETERS number them.</summary>
public enum DEBUG_SYMTYPE : uint
{
    /// <summary>A PDB.</summary>
    PDB = 3,
    /// <summary>Not loaded yet.</summary>
    DEFERRED = 5,
}

/// <summary>Whose registers are meant.</summary>
public enum DEBUG_REGSRC : uint
{
    /// <summary>Those of the target, not of the scope.</summary>
    DEBUGGEE = 0,
}

/// <summary>Types of a DEBUG_VALUE.</summary>
public enum DEBUG_VALUE_TYPE : uint
{
    /// <summary>64-bit integer (DEBUG_VALUE_INT64).</summary>
    INT64 = 4,
}

/// <summary>Notifications to an extension.</summary>
public enum DEBUG_NOTIFY : uint
{
    /// <summary>The session has ended.</summary>
    SESSION_INACTIVE = 1,
    /// <summary>The target runs.</summary>
    SESSION_INACCESSIBLE = 3,
}

/// <summary>How symbols are looked for (dbghelp.h).</summary>
[Flags]
public enum SYMOPT : uint
{
    /// <summary>The path that an image names for its symbols is not followed.</summary>
    IGNORE_CVREC = 0x80,
    /// <summary>Symbols are not looked for where the image lies; for the images of a dump that is the current directory.</summary>
    IGNORE_IMAGEDIR = 0x200000,
}
