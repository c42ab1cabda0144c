namespace LockLeak.Build.Tests;

/// <summary>What is printed, as whoever runs a verb sees it. Nothing of it comes into the output of the tests, which is read.</summary>
internal sealed class Said : IDisposable
{
    private readonly TextWriter outputBefore = Console.Out, errorBefore = Console.Error;
    private readonly StringWriter output = new(), error = new();

    /// <summary>Begins to listen.</summary>
    public Said()
    {
        Console.SetOut(output);
        Console.SetError(error);
    }

    /// <summary>The lines of standard output so far.</summary>
    public string[] Output => Split(output);

    /// <summary>The lines of standard error so far.</summary>
    public string[] Errors => Split(error);

    public void Dispose()
    {
        Console.SetOut(outputBefore);
        Console.SetError(errorBefore);
    }

    private static string[] Split(StringWriter text) => text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
