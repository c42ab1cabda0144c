namespace LockLeak.Host;

/// <summary>What the user asked for.</summary>
internal sealed record Options
{
    /// <summary>Paths of the dumps; none for a live machine.</summary>
    public required IReadOnlyList<string> Dumps { get; init; }

    /// <summary>The KD connection to a live machine; null for dumps.</summary>
    public string? Connection { get; init; }

    /// <summary>
    /// How long a live machine may owe an answer, null for the standard, and until its first answer for as long as it takes; how long a
    /// dump may take, null for as long as it takes.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long a watched machine runs between two looks; null for a single look.</summary>
    public TimeSpan? Watch { get; init; }

    /// <summary>From when on a watch reports a wait for a lock.</summary>
    public TimeSpan Stuck { get; init; }

    /// <summary>Reports are wanted as JSON.</summary>
    public bool Json { get; init; }

    /// <summary>The folder whose dumps are asked what they say of the tool; null for anything else.</summary>
    public string? SelfTest { get; init; }

    /// <summary>The JSON says the SHA-256 of the dump.</summary>
    public bool Sha256 { get; init; }

    /// <summary>Symbol path, that of _NT_SYMBOL_PATH included; null for the engine's own.</summary>
    public string? Symbols { get; init; }

    /// <summary>Image path; null for the engine's own.</summary>
    public string? Images { get; init; }

    /// <summary>Command lines as the user wrote them, run in this order.</summary>
    public required IReadOnlyList<string> Commands { get; init; }

    /// <summary>Command lines as they are run.</summary>
    public IEnumerable<string> CommandLines => Json || Watch is not null ? Commands.Select(command => command + " -json") : Commands;

    /// <summary>Commands come from standard input, answers go to standard output as JSON, one line each.</summary>
    public bool Script { get; init; }

    /// <summary>LockLeak.dll is not loaded: what the debugger's gallery loads is tried.</summary>
    public bool Bare { get; init; }

    /// <summary>Output is markup, not text.</summary>
    public bool Dml { get; init; }

    /// <summary>The engine's own messages go to standard error.</summary>
    public bool Verbose { get; init; }

    /// <summary>The command line that asks the same of one of the dumps.</summary>
    public IEnumerable<string> ArgumentsFor(string dump) =>
    [
        "-z", dump,
        .. Symbols is null ? [] : (string[])["-y", Symbols],
        .. Images is null ? [] : (string[])["-i", Images],
        .. Commands.SelectMany(command => (string[])["-c", command]),
        .. Timeout is { } limit ? (string[])["--timeout", Duration.Write(limit)] : [],
        .. Json ? (string[])["-json"] : [],
        .. Sha256 ? (string[])["--sha256"] : [],
        .. Bare ? (string[])["--bare"] : [],
        .. Dml ? (string[])["--dml"] : [],
        .. Verbose ? (string[])["-v"] : [],
    ];
}

/// <summary>What scripts read from the process's exit code.</summary>
internal static class ExitCode
{
    public const int NothingFound = 0;
    public const int Found = 1;
    public const int CouldNotRun = 2;
}
