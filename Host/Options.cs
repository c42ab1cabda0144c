namespace LockLeak.Host;

/// <summary>What the user asked for.</summary>
internal sealed record Options
{
    /// <summary>Path of the dump; null for a live machine.</summary>
    public string? Dump { get; init; }

    /// <summary>The KD connection to a live machine; null for a dump.</summary>
    public string? Connection { get; init; }

    /// <summary>How long a live machine may be silent; null for the standard, and for as long as it takes until its first answer.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long a watched machine runs between two looks; null for a single look.</summary>
    public TimeSpan? Watch { get; init; }

    /// <summary>From when on a watch reports a wait for a lock.</summary>
    public TimeSpan Stuck { get; init; }

    /// <summary>Reports are wanted as JSON.</summary>
    public bool Json { get; init; }

    /// <summary>Symbol path; null for the engine's own (_NT_SYMBOL_PATH).</summary>
    public string? Symbols { get; init; }

    /// <summary>Image path; null for the engine's own.</summary>
    public string? Images { get; init; }

    /// <summary>Command lines, run in this order.</summary>
    public required IReadOnlyList<string> Commands { get; init; }

    /// <summary>Commands come from standard input, answers go to standard output as JSON, one line each.</summary>
    public bool Script { get; init; }

    /// <summary>LockLeak.dll is not loaded: what the debugger's gallery loads is tried.</summary>
    public bool Bare { get; init; }

    /// <summary>Output is markup, not text.</summary>
    public bool Dml { get; init; }

    /// <summary>The engine's own messages go to standard error.</summary>
    public bool Verbose { get; init; }
}

/// <summary>What scripts read from the process's exit code.</summary>
internal static class ExitCode
{
    public const int NothingFound = 0;
    public const int Found = 1;
    public const int CouldNotRun = 2;
}

/// <summary>A reason why nothing could be done, as one line for the user.</summary>
internal sealed class HostException(string message) : Exception(message);
