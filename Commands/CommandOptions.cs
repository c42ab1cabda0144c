using System.Diagnostics;
using System.Text;
using LockLeak.Target;

namespace LockLeak;

/// <summary>What a user typed after a command. Every command takes the same options where they make sense.</summary>
/// <remarks>
/// Written by hand: addresses are engine expressions with spaces, parentheses and '@', which a general parser takes for
/// several arguments or for response files.
/// </remarks>
internal sealed record CommandOptions
{
    /// <summary>What a command does without options.</summary>
    public static CommandOptions None { get; } = new();

    /// <summary>Everything that is no option: an engine expression. Empty when there is none.</summary>
    public string Expression { get; private init; } = "";

    /// <summary>-p: process ID, image name or _EPROCESS.</summary>
    public string? Process { get; private init; }

    /// <summary>-wr: names of _KWAIT_REASON.</summary>
    public IReadOnlyList<string> WaitReasons { get; private init; } = [];

    /// <summary>-dot: file for the wait-for graph.</summary>
    public string? DotFile { get; private init; }

    /// <summary>-html: file for the report as a page.</summary>
    public string? HtmlFile { get; private init; }

    /// <summary>-a: everything, not only what is interesting.</summary>
    public bool All { get; init; }

    /// <summary>-v: evidence.</summary>
    public bool Verbose { get; private init; }

    /// <summary>-s: a summary for each process.</summary>
    public bool Summary { get; private init; }

    /// <summary>-check: what the kernel says in two places.</summary>
    public bool Check { get; private init; }

    /// <summary>-fast: only threads that the kernel's table of lock entries leads to, and those that run.</summary>
    public bool Fast { get; private init; }

    /// <summary>-json.</summary>
    public bool Json { get; private init; }

    /// <summary>-text: no DML.</summary>
    public bool Text { get; private init; }

    /// <summary>-nosym: built-in types even if symbols are there.</summary>
    public bool NoSymbols { get; private init; }

    /// <summary>-? or -h: help.</summary>
    public bool Help { get; private init; }

    /// <summary>Parses a command line.</summary>
    /// <param name="arguments">What the user typed after the command.</param>
    /// <param name="accepted">Options that the command knows, with their dash.</param>
    /// <exception cref="CommandException">An option is unknown, or one that needs a value has none.</exception>
    public static CommandOptions Parse(string arguments, IReadOnlySet<string> accepted)
    {
        var options = new CommandOptions();
        var words = new Queue<string>(Words(arguments));
        var expression = new List<string>();
        while (words.TryDequeue(out string? word))
        {
            // A minus sign inside an expression stands before a number or a parenthesis, an option before a letter.
            if (word is not ['-' or '/', var letter, ..] || !(char.IsAsciiLetter(letter) || letter == '?'))
            {
                expression.Add(word);
                continue;
            }

            string name = "-" + word[1..];
            if (!accepted.Contains(name) && name is not ("-?" or "-h"))
            {
                throw new CommandException(CommandResult.InvalidArgument, $"Unknown option {word}.");
            }

            options = name switch
            {
                "-p" => options with { Process = Value(words, word) },
                "-wr" => options with { WaitReasons = List(words, word) },
                "-dot" => options with { DotFile = Value(words, word) },
                "-html" => options with { HtmlFile = Value(words, word) },
                "-a" => options with { All = true },
                "-v" => options with { Verbose = true },
                "-s" => options with { Summary = true },
                "-check" => options with { Check = true },
                "-fast" => options with { Fast = true },
                "-json" => options with { Json = true },
                "-text" => options with { Text = true },
                "-nosym" => options with { NoSymbols = true },
                "-?" or "-h" => options with { Help = true },
                _ => throw new UnreachableException($"{name} stands in a usage line and is not parsed."),
            };
        }

        return options with { Expression = string.Join(' ', expression) };
    }

    /// <summary>The word behind an option. Another option in its place means that it was forgotten.</summary>
    private static string Value(Queue<string> words, string option) =>
        words.TryDequeue(out string? word) && word is not ['-', ..] && word.Trim('"') is { Length: > 0 } value
            ? value
            : throw new CommandException(CommandResult.InvalidArgument, $"{option} needs a value.");

    private static string[] List(Queue<string> words, string option) =>
        Value(words, option).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } values
            ? values
            : throw new CommandException(CommandResult.InvalidArgument, $"{option} needs a value.");

    /// <summary>What stands between spaces; quotes keep a name with spaces together.</summary>
    private static IEnumerable<string> Words(string arguments)
    {
        var word = new StringBuilder();
        bool isQuoted = false;
        foreach (char letter in arguments)
        {
            isQuoted ^= letter == '"';
            if (isQuoted || !char.IsWhiteSpace(letter))
            {
                word.Append(letter);
            }
            else if (word.Length > 0)
            {
                yield return word.ToString();
                word.Clear();
            }
        }

        if (word.Length > 0)
        {
            yield return word.ToString();
        }
    }
}
