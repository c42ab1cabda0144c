using System.Diagnostics;

namespace LockLeak.Code;

/// <summary>What one question about code may cost.</summary>
/// <param name="Levels">Levels of called functions that are looked into.</param>
/// <param name="Functions">Functions that are decoded.</param>
/// <param name="Bytes">Bytes of the image that are read.</param>
/// <param name="Time">Time of work.</param>
internal sealed record CodeLimits(int Levels, int Functions, long Bytes, TimeSpan Time)
{
    /// <summary>
    /// For one question at a prompt. On a live machine 256 KB of code are some 130 packets of the KD protocol, a fifth
    /// of a second on a quiet link.
    /// </summary>
    public static readonly CodeLimits Prompt = new(2, 64, 256 * 1024, TimeSpan.FromMilliseconds(250));

    /// <summary>For a look at all code of a module: the largest drivers of Windows have 3 MB.</summary>
    public static readonly CodeLimits WholeModule = new(0, 0, 4 * 1024 * 1024, TimeSpan.FromSeconds(2));
}

/// <summary>Watches over a question: once something is used up, it stays so.</summary>
/// <param name="limits">What it may cost.</param>
/// <param name="isInterrupted">True once the user has asked to stop.</param>
internal sealed class CodeBudget(CodeLimits limits, Func<bool> isInterrupted)
{
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private int functions;
    private long bytes;

    /// <summary>Levels of called functions that are looked into.</summary>
    public int Levels => limits.Levels;

    /// <summary>What was used up, as a reason; null while the work may go on.</summary>
    public string? Exhausted { get; private set; }

    /// <summary>Functions decoded so far.</summary>
    public int Functions => functions;

    /// <summary>Bytes read so far.</summary>
    public long Bytes => bytes;

    /// <summary>True while the work may go on.</summary>
    public bool MayGoOn()
    {
        Exhausted ??= isInterrupted() ? "interrupted" : clock.Elapsed > limits.Time ? "it takes too long" : null;
        return Exhausted is null;
    }

    /// <summary>Asks for another function.</summary>
    public bool TryTakeFunction()
    {
        Exhausted ??= functions >= limits.Functions ? "too many functions" : null;
        functions++;
        return MayGoOn();
    }

    /// <summary>Asks for bytes of the image.</summary>
    public bool TryTakeBytes(int count)
    {
        Exhausted ??= bytes + count > limits.Bytes ? "too much code" : null;
        bytes += Exhausted is null ? count : 0;
        return Exhausted is null;
    }
}
