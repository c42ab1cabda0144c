using System.Globalization;
using KdTarget;
using KernelImages.Damaged;

namespace LockLeak.Engine.Tests.Damaged;

/// <summary>What goes wrong in a session with a live machine, as a seed says.</summary>
internal sealed class BadLink
{
    /// <summary>About as many replies as it takes to attach, to load the list of modules, and to answer.</summary>
    private const int Replies = 160;

    /// <summary>Null: not a fault of the link, the machine's memory is another at the next read.</summary>
    private static readonly Fault?[] Kinds =
    [
        Fault.WrongMemory, null, Fault.Freeze, Fault.CorruptReply, Fault.ShortAnswer, Fault.Close, Fault.DelayReply, Fault.LoseReply,
        Fault.WrongLength, Fault.TruncateReply, Fault.LoseRequest, Fault.JunkBeforeReply, Fault.RepeatReply, Fault.LoseAcknowledge,
        Fault.CloseAfterReply,
    ];

    private readonly List<string> what = [];

    /// <summary>Tells the machine what goes wrong.</summary>
    public BadLink(LiveMachine machine, int seed)
    {
        Random random = FuzzSeeds.RandomOf(seed);
        machine.Server.Faults.Delay = TimeSpan.FromMilliseconds(random.Next(100, 1500));
        Add(Kinds[(uint)seed % (uint)Kinds.Length]);
        if (random.Next(2) == 0)
        {
            Add(Kinds[random.Next(Kinds.Length)]);
        }

        void Add(Fault? fault)
        {
            int after = random.Next(Replies), times = random.Next(1, 6);
            what.Add(string.Create(CultureInfo.InvariantCulture, $"{fault?.ToString() ?? "changing memory"} {times} times after {after}"));
            SpoilsWhatIsRead |= fault is Fault.WrongMemory or Fault.WrongLength or Fault.ShortAnswer;
            ChangesTheMachine |= fault is null;
            if (fault is { } known)
            {
                machine.Server.Faults.Next(known, times, after);
                return;
            }

            var damage = new MachineDamage(machine.Kernel);
            for (int i = 0; i < times; i++)
            {
                machine.Memory.AfterReads(after + i, _ => damage.Do(random));
            }
        }
    }

    /// <summary>Whether the debugger reads other memory than the machine had.</summary>
    public bool SpoilsWhatIsRead { get; private set; }

    /// <summary>Whether the machine itself is another in the end.</summary>
    public bool ChangesTheMachine { get; private set; }

    public override string ToString() => string.Join(", ", what);
}
