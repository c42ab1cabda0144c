using System.Runtime.CompilerServices;

namespace LockLeak.Kernel;

/// <summary>How far a long command is. The text is put together only when it would be shown: that is asked for each of many threads.</summary>
[InterpolatedStringHandler]
internal ref struct ProgressLine
{
    private DefaultInterpolatedStringHandler text;

    /// <summary>Begins a line.</summary>
    /// <param name="literalLength">Characters of the constant parts.</param>
    /// <param name="formattedCount">Number of the other parts.</param>
    /// <param name="view">Whose console shows it.</param>
    /// <param name="isWanted">False when it would not be shown, and nothing of it is worked out.</param>
    public ProgressLine(int literalLength, int formattedCount, KernelView view, out bool isWanted)
    {
        IsWanted = isWanted = view.WantsProgress;
        text = isWanted ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
    }

    /// <summary>True when it is to be shown.</summary>
    public bool IsWanted { get; }

    /// <summary>Adds a constant part.</summary>
    public void AppendLiteral(string part) => text.AppendLiteral(part);

    /// <summary>Adds a value.</summary>
    public void AppendFormatted<T>(T value) => text.AppendFormatted(value);

    /// <summary>The whole line, once.</summary>
    public string Text() => text.ToStringAndClear();
}
