using System.Diagnostics;
using System.Globalization;
using LockLeak.Analysis;
using LockLeak.Kernel;
using LockLeak.Reports;
using LockLeak.Target;

namespace LockLeak;

/// <summary>What a command works with: the machine, its types, the options, and where the answer goes.</summary>
internal sealed class CommandContext
{
    private readonly Stopwatch stopwatch = Stopwatch.StartNew();

    /// <summary>Resolves the kernel's types; the command line has been checked before.</summary>
    /// <exception cref="CommandException">This is no target for the commands, or its types are not known.</exception>
    public CommandContext(ITarget target, IConsole console, CommandOptions options)
    {
        Console = console;
        Options = options;
        var phases = new Phases(isMeasured: options.Verbose);
        View = new KernelView(target, KernelLayouts.Resolve(target, options.NoSymbols), console, phases);
    }

    /// <summary>Where the answer goes.</summary>
    public IConsole Console { get; }

    /// <summary>What the user wants.</summary>
    public CommandOptions Options { get; }

    /// <summary>The machine.</summary>
    public KernelView View { get; }

    /// <summary>False when the user stopped the command, which then leaves a note, or when something could not be read.</summary>
    public bool IsComplete()
    {
        if (View.IsInterrupted)
        {
            View.Notes.AddGap("Stopped by the user: only what was found so far is shown.");
        }

        return !View.Notes.HasGaps;
    }

    /// <summary>What the answer has cost so far.</summary>
    public CostReport Cost(MachineScan? scan) => new(
        scan?.Processes ?? 0,
        scan?.Threads.Count ?? 0,
        View.KnownThreads().Count(thread => thread.EntriesInUse.Any(entry => !entry.IsUser)),
        View.Memory.Reads,
        View.Memory.Bytes,
        stopwatch.ElapsedMilliseconds)
    {
        Phases = Options.Verbose ? View.Phases : null,
    };

    /// <summary>Evaluates an address.</summary>
    public ulong Evaluate(string expression) =>
        View.Target.Symbols.TryEvaluate(expression, out ulong value)
            ? value
            : throw new CommandException(CommandResult.InvalidArgument, $"Cannot evaluate '{expression}'.");

    /// <summary>Looks at the threads that the options ask for; those that matter are then known to the view.</summary>
    /// <param name="view">The machine; another look at it than <see cref="View"/> where it is looked at again.</param>
    /// <param name="everyThread">Read every thread whole.</param>
    /// <exception cref="CommandException">There is no such process, or -fast is asked for and this kernel has no table.</exception>
    public MachineScan Scan(KernelView view, bool everyThread = false) =>
        Options.Fast ? MachineScan.OfTable(view) : MachineScan.Run(view, ProcessFilter(), everyThread);

    /// <summary>Which processes -p asks for.</summary>
    private ProcessFilter ProcessFilter()
    {
        if (Options.Process is not { } wanted)
        {
            return Analysis.ProcessFilter.All;
        }

        ulong? number = Number(wanted) ?? (wanted[0] is '@' or '(' || wanted.Contains("poi(", StringComparison.Ordinal)
            ? Evaluate(wanted) : null);
        return number switch
        {
            null => new ProcessFilter(wanted, process => IsImage(process.ImageFileName, wanted)),
            { } address when KernelMemory.IsKernelAddress(address) => Analysis.ProcessFilter.Only(new ProcessAddress(address)),
            { } id => new ProcessFilter(wanted, process => process.UniqueProcessId == id || IsImage(process.ImageFileName, wanted)),
        };
    }

    /// <summary>Writes a report in the form that the options and the console ask for.</summary>
    public void Write(Report report, Action<ReportWriter> text)
    {
        if (Options.Json)
        {
            JsonRenderer.Write(report, Console.Write);
            return;
        }

        var writer = new ReportWriter(Console.TakesDml && !Options.Text);
        text(writer);
        if (writer.IsDml)
        {
            Console.WriteDml(writer.ToString());
        }
        else
        {
            Console.Write(writer.ToString());
        }
    }

    /// <summary>A number as the debugger writes it: hexadecimal, with 0x, 0n (decimal) or a back-tick; null for anything else.</summary>
    private static ulong? Number(string text)
    {
        string digits = text.Replace("`", "", StringComparison.Ordinal);
        if (digits.StartsWith("0n", StringComparison.OrdinalIgnoreCase))
        {
            return ulong.TryParse(digits[2..], NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value : null;
        }

        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            digits = digits[2..];
        }

        return ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong hex) ? hex : null;
    }

    /// <summary>The kernel keeps 14 characters of an image's name; ".exe" may be left out.</summary>
    private static bool IsImage(string image, string wanted)
    {
        bool Matches(string name) => image.Equals(name.Length > 14 ? name[..14] : name, StringComparison.OrdinalIgnoreCase);
        return Matches(wanted) || Matches(wanted + ".exe");
    }
}
