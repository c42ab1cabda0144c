using System.Globalization;

namespace LockLeak.Kernel;

/// <summary>_KTHREAD_STATE.</summary>
public static class ThreadStates
{
    /// <summary>On a processor.</summary>
    public const byte Running = 2;

    /// <summary>Has ended.</summary>
    public const byte Terminated = 4;

    /// <summary>Waits for an object.</summary>
    public const byte Waiting = 5;

    private static readonly string[] Names =
        ["Initialized", "Ready", "Running", "Standby", "Terminated", "Waiting", "Transition", "DeferredReady", "GateWait", "WaitingForProcessInSwap"];

    /// <summary>All names, by value.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>The name, or the number of an unknown value.</summary>
    public static string Name(byte state) => state < Names.Length ? Names[state] : state.ToString(CultureInfo.InvariantCulture);
}
