using System.Globalization;

namespace LockLeak.Kernel;

/// <summary>_KTHREAD_STATE.</summary>
internal static class ThreadStates
{
    /// <summary>On a processor.</summary>
    public const byte Running = 2;

    /// <summary>Has ended.</summary>
    public const byte Terminated = 4;

    /// <summary>Waits for an object.</summary>
    public const byte Waiting = 5;

    /// <summary>WaitingForProcessInSwap.</summary>
    public const byte Last = 9;

    private static readonly string[] Names =
        ["Initialized", "Ready", "Running", "Standby", "Terminated", "Waiting", "Transition", "DeferredReady", "GateWait",
            "WaitingForProcessInSwap"];

    /// <summary>True for the states of a thread that could run: Ready, Standby and DeferredReady.</summary>
    public static bool IsReady(byte state) => state is 1 or 3 or 7;

    /// <summary>The name, or the number of an unknown value.</summary>
    public static string Name(byte state) => state < Names.Length ? Names[state] : state.ToString(CultureInfo.InvariantCulture);
}
