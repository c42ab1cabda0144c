namespace LockLeak.Build;

/// <summary>
/// One line on standard error for work that takes a while. On a terminal it says how far the work is and then stays as it is;
/// elsewhere, in a log, it is printed once.
/// </summary>
internal sealed class ProgressLine : IDisposable
{
    private readonly string task;
    private int width;

    /// <summary>Begins the line.</summary>
    /// <param name="task">What is being done, and what it costs.</param>
    public ProgressLine(string task)
    {
        this.task = task;
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine($"{task} ...");
        }
        else
        {
            Show("...");
        }
    }

    /// <summary>Says how far it is.</summary>
    public void Show(string state)
    {
        if (!Console.IsErrorRedirected)
        {
            string line = $"{task} {state}";
            Console.Error.Write($"\r{line.PadRight(width)}");
            width = line.Length;
        }
    }

    /// <summary>Ends the line.</summary>
    public void Dispose()
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.WriteLine();
        }
    }
}
