using System.Text;
using LockLeak.Target;

namespace LockLeak.Tests;

/// <summary>Keeps what a command writes.</summary>
public sealed class RecordingConsole : IConsole
{
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();

    public string Output => output.ToString();

    public string Errors => errors.ToString();

    public List<string> ProgressLines { get; } = [];

    /// <summary>Called at each of them.</summary>
    public Action Progressed { get; init; } = () => { };

    /// <summary>Ctrl+Break comes once this answers true.</summary>
    public Func<bool> Interrupt { get; init; } = () => false;

    public bool TakesDml { get; init; }

    public bool WantsProgress { get; init; } = true;

    public bool IsInterrupted => Interrupt();

    public int LongestWrite { get; private set; }

    public void Write(string text)
    {
        output.Append(text);
        LongestWrite = Math.Max(LongestWrite, text.Length);
    }

    public void WriteDml(string dml) => output.Append(dml);

    public void WriteError(string text) => errors.Append(text);

    public void Progress(string text)
    {
        ProgressLines.Add(text);
        Progressed();
    }
}
