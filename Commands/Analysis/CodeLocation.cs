using System.Diagnostics.CodeAnalysis;
using LockLeak.Target;

namespace LockLeak.Analysis;

/// <summary>Where in the code a thread is: the first frame outside the kernel's own wait and acquire functions.</summary>
internal static class CodeLocation
{
    /// <summary>Deeper than any wait path; a stack that repeats itself ends here.</summary>
    public const int MostFrames = 64;

    /// <summary>
    /// What a thread runs through on its way to sleep. The names that follow are the stable prefixes of those functions
    /// from Windows 7 to 24H2.
    /// </summary>
    private static readonly string[] WaitPath =
    [
        "KiSwapContext", "KiSwapThread", "KiCommitThread", "KiSchedulerApc", "KeWaitFor", "KiWaitFor", "KeDelayExecution", "Exf",
        "ExAcquire", "ExTryAcquire", "ExEnter",
        "ExpAcquire", "ExpWait", "ExBlock", "KeAcquire", "KiAcquire", "KeAb", "KiAb", "ExpBlock", "ExWait", "KeRemoveQueue", "ObWaitFor",
        "NtWaitFor",
    ];

    /// <summary>Where every kernel stack begins; a thread that is nowhere else is nowhere worth a mention.</summary>
    private static readonly string[] Origins =
        ["KiStartSystemThread", "PspSystemThreadStartup", "KiStartUserThread", "KiSystemService", "KiSystemCall"];

    /// <summary>The symbols of a thread's stack, newest frame first; empty when it cannot be walked.</summary>
    public static IReadOnlyList<(StackFrame Frame, SymbolName? Symbol)> Stack(ISymbols symbols, ulong thread) =>
        [.. symbols.Stack(thread, MostFrames).Select(frame => (frame, symbols.At(frame.Instruction)))];

    /// <summary>The frame that a developer wants to see; null when the stack holds only the wait path.</summary>
    public static SymbolName? Of(IReadOnlyList<(StackFrame Frame, SymbolName? Symbol)> stack) =>
        stack.Select(frame => frame.Symbol).FirstOrDefault(symbol => symbol is not null && !IsKernelWay(symbol));

    /// <summary>The newest frame's module that is neither the kernel nor its HAL; null when there is none.</summary>
    public static string? Driver(IEnumerable<SymbolName?> stack) => stack.FirstOrDefault(IsDriver)?.Module;

    /// <summary>True for what lies in a module that is neither the kernel nor its HAL.</summary>
    public static bool IsDriver([NotNullWhen(true)] SymbolName? symbol) => symbol is { Module: not ("nt" or "hal") };

    // Without symbols the kernel's functions cannot be told apart, so all of its frames are passed over.
    private static bool IsKernelWay(SymbolName symbol) =>
        symbol.Module == "nt" && (symbol.Name is null || Begins(symbol.Name, WaitPath) || Begins(symbol.Name, Origins));

    private static bool Begins(string name, string[] prefixes) =>
        Array.Exists(prefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal));
}
