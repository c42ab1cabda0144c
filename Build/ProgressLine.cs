namespace LockLeak.Build;

/// <summary>
/// Says on standard error what is being done, in one line. On a terminal a second line says how far it is, and goes again; no line of
/// that kind is longer than a narrow terminal.
/// </summary>
internal sealed class ProgressLine : IDisposable
{
    private int width;

    /// <summary>Begins.</summary>
    /// <param name="task">What is being done, and what it costs.</param>
    public ProgressLine(string task) => Console.Error.WriteLine($"{task} ...");

    /// <summary>Says how far it is.</summary>
    public void Show(string state)
    {
        if (!Console.IsErrorRedirected)
        {
            string line = $"  {state}";
            Console.Error.Write($"\r{line.PadRight(width)}");
            width = line.Length;
        }
    }

    /// <summary>Takes the second line away.</summary>
    public void Dispose()
    {
        if (width > 0)
        {
            Console.Error.Write($"\r{new string(' ', width)}\r");
        }
    }
}
