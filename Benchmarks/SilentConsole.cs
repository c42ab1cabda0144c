using LockLeak.Target;

namespace LockLeak.Benchmarks;

/// <summary>Takes everything and shows nothing.</summary>
internal sealed class SilentConsole : IConsole
{
    public bool TakesDml => false;

    public bool IsInterrupted => false;

    public bool WantsProgress => false;

    public void Write(string text)
    {
    }

    public void WriteDml(string dml)
    {
    }

    public void WriteError(string text) => throw new InvalidOperationException(text);

    public void Progress(string text)
    {
    }
}
