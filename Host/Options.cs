namespace LockLeak.Host;

/// <summary>What the user asked for.</summary>
internal sealed record Options
{
    /// <summary>Path of the dump.</summary>
    public required string Dump { get; init; }

    /// <summary>Symbol path; null for the engine's own (_NT_SYMBOL_PATH).</summary>
    public string? Symbols { get; init; }

    /// <summary>Image path; null for the engine's own.</summary>
    public string? Images { get; init; }

    /// <summary>Command lines, run in this order.</summary>
    public required IReadOnlyList<string> Commands { get; init; }

    /// <summary>Commands come from standard input, answers go to standard output as JSON, one line each.</summary>
    public bool Script { get; init; }

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
