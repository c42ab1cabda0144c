using System.Text;
using LockLeak.Target;

namespace LockLeak.Engine.Tests;

/// <summary>Keeps what a command writes, as text.</summary>
internal sealed class TextConsole : IConsole
{
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();

    public string Output => output.ToString();

    public string Errors => errors.ToString();

    public bool TakesDml => false;

    public bool IsInterrupted => false;

    public void Write(string text) => output.Append(text);

    public void WriteDml(string dml) => throw new InvalidOperationException("This console takes no DML.");

    public void WriteError(string text) => errors.Append(text);

    public void Progress(string text)
    {
    }
}
