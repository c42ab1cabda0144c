using System.Runtime.CompilerServices;

namespace LockLeak.Kernel;

/// <summary>Somebody whom progress is told.</summary>
internal interface IAudience
{
    /// <summary>False when a line would not be shown now.</summary>
    bool WantsProgress { get; }
}

/// <summary>
/// A text that is put together only when somebody wants it: how far a command is, or what a comparison differs in. Either is asked
/// for each of many threads.
/// </summary>
[InterpolatedStringHandler]
internal ref struct WantedText
{
    private DefaultInterpolatedStringHandler text;

    /// <summary>Begins a line of progress.</summary>
    /// <param name="literalLength">Characters of the constant parts.</param>
    /// <param name="formattedCount">Number of the other parts.</param>
    /// <param name="audience">Who it is for.</param>
    /// <param name="isWanted">False when it would not be shown, and nothing of it is worked out.</param>
    public WantedText(int literalLength, int formattedCount, IAudience audience, out bool isWanted)
        : this(literalLength, formattedCount, isNeedless: !audience.WantsProgress, out isWanted)
    {
    }

    /// <summary>Begins a text.</summary>
    /// <param name="literalLength">Characters of the constant parts.</param>
    /// <param name="formattedCount">Number of the other parts.</param>
    /// <param name="isNeedless">True when nobody wants it.</param>
    /// <param name="isWanted">The opposite.</param>
    public WantedText(int literalLength, int formattedCount, bool isNeedless, out bool isWanted)
    {
        IsWanted = isWanted = !isNeedless;
        text = isWanted ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
    }

    /// <summary>True when somebody wants it.</summary>
    public bool IsWanted { get; }

    /// <summary>Adds a constant part.</summary>
    public void AppendLiteral(string part) => text.AppendLiteral(part);

    /// <summary>Adds a value.</summary>
    public void AppendFormatted<T>(T value) => text.AppendFormatted(value);

    /// <summary>Adds a value in a format.</summary>
    public void AppendFormatted<T>(T value, string? format) => text.AppendFormatted(value, format);

    /// <summary>The whole text, once.</summary>
    public string Text() => text.ToStringAndClear();
}
