using System.Diagnostics;
using System.Globalization;
using KernelImages;
using KernelImages.Damaged;
using KernelImages.Kernel;
using LockLeak.Target;
using LockLeak.Tests.Reports;

namespace LockLeak.Tests.Fuzz;

/// <summary>A machine that is damaged again and again, and asked each time.</summary>
internal sealed class Victim
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
    private int reads;

    public Victim(string scenario, string build)
    {
        name = $"{scenario} on {build}";
        kernel = Machines.Fresh(scenario, build);
        longest = TimeSpan.FromSeconds(2) + TimeSpan.FromMilliseconds(2) * kernel.Threads.Count;
        damage = new MachineDamage(kernel);
        questions = new Questions(kernel);
        // One target for all images: what is known of its types is kept, as in a session.
        target = new InMemoryTarget(kernel) { OnRead = (_, _) => Count() };
    }

    /// <summary>Damages the machine, asks it, and makes it what it was.</summary>
    /// <param name="seed">Decides what damage, and which question; the same does the same again.</param>
    /// <param name="isHeldAgainstTheSchema">That takes longer than all the rest.</param>
    /// <returns>What is wrong with the answer; null when nothing is.</returns>
    public string? Try(int seed, bool isHeldAgainstTheSchema)
    {
        Random random = FuzzSeeds.RandomOf(seed);
        damage.Do(random);
        damage.Redirect(random);
        bool takesAPage = random.Next(4) == 0;
        if (takesAPage)
        {
            target.Unreadable.Add(damage.Page(random));
        }

        string line = questions.Of(seed);
        try
        {
            return Ask(line, takesDml: random.Next(2) == 0, isHeldAgainstTheSchema) is { } wrong
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
            : Oracles.Wrong(kernel, said, isHeldAgainstTheSchema ? ReportSchema.Errors : null);
    }

    private (Answer Answer, TimeSpan Time, long Allocated) Measure(string line, bool takesDml)
    {
        reads = 0;
        var clock = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Answer answer = takesDml ? Session.RunDml(target, line) : Session.Run(target, line);
        return (answer, clock.Elapsed, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private void Count()
    {
        if (++reads > MostReads + MostReadsForAThread * kernel.Threads.Count)
        {
            throw new InvalidOperationException("too many reads");
        }
    }
}
