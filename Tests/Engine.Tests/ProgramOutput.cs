using System.Diagnostics;
using System.Text;

namespace LockLeak.Engine.Tests;

/// <summary>What a program has printed so far; its line ends are those of Unix.</summary>
internal sealed class ProgramOutput
{
    private readonly StringBuilder output = new(), errors = new();
    private readonly Task reading;

    /// <summary>Begins to read.</summary>
    public ProgramOutput(Process process) =>
        reading = Task.WhenAll(ReadAsync(process.StandardOutput, output), ReadAsync(process.StandardError, errors));

    /// <summary>Standard output so far.</summary>
    public string Output => Text(output);

    /// <summary>Standard error so far.</summary>
    public string Errors => Text(errors);

    /// <summary>
    /// Reads the rest, once the program has ended: all of it is there then. Its end may never come, for a service of Wine's that
    /// the program has started keeps the pipes.
    /// </summary>
    public Task ReadRestAsync() => Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(2), CancellationToken.None));

    private static async Task ReadAsync(StreamReader reader, StringBuilder into)
    {
        var piece = new char[4096];
        while (await reader.ReadAsync(piece) is > 0 and var length)
        {
            lock (into)
            {
                into.Append(piece, 0, length);
            }
        }
    }

    private static string Text(StringBuilder read)
    {
        lock (read)
        {
            return read.ToString().ReplaceLineEndings("\n");
        }
    }
}
