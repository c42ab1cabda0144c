using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using LockLeak.Kernel;

namespace LockLeak.Findings;

/// <summary>A piece of a sentence.</summary>
/// <param name="Text">What is read.</param>
/// <param name="Subject">
/// What it names: a <see cref="ThreadAddress"/>, <see cref="LockAddress"/>, <see cref="EntryAddress"/>; null for plain words.
/// </param>
internal readonly record struct SentencePart(string Text, IKernelAddress? Subject);

/// <summary>
/// A sentence for people that remembers which of its words name a thread or a lock, so that a renderer can make them links.
/// Written as an interpolated string.
/// </summary>
[InterpolatedStringHandler]
[JsonConverter(typeof(WrittenByReports))]
internal sealed class Sentence
{
    private readonly List<SentencePart> parts = [];

    /// <summary>An empty one.</summary>
    public Sentence()
    {
    }

    /// <summary>For the compiler.</summary>
    /// <param name="literalLength">Not used.</param>
    /// <param name="formattedCount">Not used.</param>
    public Sentence(int literalLength, int formattedCount)
    {
    }

    /// <summary>Its pieces in order.</summary>
    public IReadOnlyList<SentencePart> Parts => parts;

    /// <summary>True when it says nothing.</summary>
    public bool IsEmpty => parts.Count == 0;

    /// <summary>Plain words.</summary>
    public void AppendLiteral(string text)
    {
        if (text.Length > 0)
        {
            parts.Add(new SentencePart(text, null));
        }
    }

    /// <summary>Plain words.</summary>
    public void AppendFormatted(string? text) => AppendLiteral(text ?? "");

    /// <summary>A number.</summary>
    public void AppendFormatted(int number) => AppendLiteral(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>A thread, a lock or an entry.</summary>
    public void AppendFormatted(IKernelAddress subject) => parts.Add(new SentencePart(subject.ToString() ?? "", subject));

    /// <summary>Another sentence in its place.</summary>
    public void AppendFormatted(Sentence sentence) => parts.AddRange(sentence.parts);

    /// <summary>The words without what they name.</summary>
    public override string ToString() => string.Concat(parts.Select(part => part.Text));
}
