using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using KernelImages;
using KernelImages.Damaged;
using KernelImages.Kernel;
using LockLeak.Target;
using LockLeak.Tests.Reports;

namespace LockLeak.Tests.Fuzz;

/// <summary>A machine that is damaged again and again, and asked each time.</summary>
internal sealed partial class Victim
{
    /// <summary>Far more than a machine is worth: its threads take one to three each.</summary>
    private const int MostReads = 500, MostReadsForAThread = 10;

    /// <summary>Hundreds of times what a healthy machine of this size takes.</summary>
    private const long MostBytes = 64 << 20;

    private readonly string name;
    private readonly SyntheticKernel kernel;
    private readonly InMemoryTarget target;
    private readonly MachineDamage damage;
    private readonly Questions questions;
    private readonly TimeSpan longest;
    // What the whole machine answers.
    private readonly Dictionary<(string Line, bool TakesDml), string> whole = [];
    private (ulong Start, ulong End) missing;
    private int reads;
    private bool sawDamage;

    public Victim(string scenario, string build)
    {
        name = $"{scenario} on {build}";
        kernel = Machines.Fresh(scenario, build);
        longest = TimeSpan.FromSeconds(2) + TimeSpan.FromMilliseconds(2) * kernel.Threads.Count;
        damage = new MachineDamage(kernel);
        questions = new Questions(kernel);
        // One target for all images: what is known of its types is kept, as in a session.
        target = new InMemoryTarget(kernel) { OnRead = Watch };
    }

    /// <summary>How many answers read nothing of the damage, and were held against that of the whole machine.</summary>
    public int Unharmed { get; private set; }

    /// <summary>Damages the machine, asks it, and makes it what it was.</summary>
    /// <param name="seed">Decides what damage, and which question; the same does the same again.</param>
    /// <param name="isHeldAgainstTheSchema">That takes longer than all the rest.</param>
    /// <returns>What is wrong with the answer; null when nothing is.</returns>
    public string? Try(int seed, bool isHeldAgainstTheSchema)
    {
        Random random = FuzzSeeds.RandomOf(seed);
        string line = questions.Of(seed);
        bool takesDml = random.Next(2) == 0;
        if (!whole.ContainsKey((line, takesDml)))
        {
            whole[(line, takesDml)] = Comparable(Measure(line, takesDml).Answer.Output);
        }

        damage.Do(random);
        damage.Redirect(random);
        missing = random.Next(4) == 0 ? damage.Page(random) : default;
        target.Unreadable.Add(missing);
        try
        {
            return Ask(line, takesDml, isHeldAgainstTheSchema) is { } wrong
                ? string.Create(CultureInfo.InvariantCulture, $"{name}, seed {seed}, {line}: {wrong}")
                : null;
        }
        finally
        {
            target.Unreadable.Clear();
            damage.Undo();
        }
    }

    private string? Ask(string line, bool takesDml, bool isHeldAgainstTheSchema)
    {
        (Answer answer, TimeSpan time, long allocated) = Measure(line, takesDml);
        if (time > longest)
        {
            // The machine that runs the tests may have had something else to do.
            (answer, time, allocated) = Measure(line, takesDml);
        }

        var said = new Said(line, answer.Result.Status == CommandResult.Ok, answer.Output, answer.Errors, takesDml);
        return time > longest ? $"it took {time}"
            : allocated > MostBytes ? $"it took {allocated >> 20} MB"
            : answer.Result.Status == CommandResult.InvalidArgument ? $"the question itself is wrong: {answer.Errors}"
            : !sawDamage && Difference(Comparable(answer.Output), whole[(line, takesDml)]) is { } difference ? difference
            : Oracles.Wrong(kernel, said, isHeldAgainstTheSchema ? ReportSchema.Errors : null);
    }

    private (Answer Answer, TimeSpan Time, long Allocated) Measure(string line, bool takesDml)
    {
        (reads, sawDamage) = (0, false);
        var clock = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Answer answer = takesDml ? Session.RunDml(target, line) : Session.Run(target, line);
        return (answer, clock.Elapsed, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>What an answer says otherwise than the whole machine's, though it read nothing of the damage; null when nothing.</summary>
    private string? Difference(string answer, string ofWhole)
    {
        const int Shown = 60;
        Unharmed++;
        int at = answer.AsSpan().CommonPrefixLength(ofWhole);
        return answer == ofWhole ? null : $"it read no damage and said {Part(answer)} in place of {Part(ofWhole)}";

        string Part(string text) => $"'{text[Math.Max(0, at - Shown)..Math.Min(text.Length, at + Shown)]}'";
    }

    private void Watch(ulong address, int size)
    {
        sawDamage |= damage.Touches(address, size) || (address < missing.End && address + (ulong)size > missing.Start);
        if (++reads > MostReads + MostReadsForAThread * kernel.Threads.Count)
        {
            throw new InvalidOperationException("too many reads");
        }
    }

    /// <summary>An answer without the times that it took.</summary>
    private static string Comparable(string output) => Times().Replace(output, "");

    [GeneratedRegex("""\d+\.\d+|"milliseconds":\d+""")]
    private static partial Regex Times();
}
