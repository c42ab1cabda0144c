using LockLeak.Code.Flow;
using LockLeak.Code.Images;
using LockLeak.Code.Values;
using LockLeak.Code.Walk;
using LockLeak.Target;

namespace LockLeak.Code;

/// <summary>One question: the modules that it opens, what it may cost, and what it finds.</summary>
internal sealed class CodeQuestion
{
    private readonly ITarget target;
    private readonly KernelRoutines routines;
    private readonly WantedLock wanted;
    private readonly CodeBudget budget;
    private readonly CodeMemory memory;
    private readonly Dictionary<ulong, (WalkContext Context, Walker Walker)?> modules = [];
    private readonly List<CodeSite> sites = [];
    private readonly List<string> notes = [];

    public CodeQuestion(ITarget target, KernelRoutines routines, CodeLimits limits, Func<bool> isInterrupted,
        Dictionary<ulong, byte[]> blocks, WantedLock wanted)
    {
        (this.target, this.routines, this.wanted) = (target, routines, wanted);
        budget = new CodeBudget(limits, isInterrupted);
        memory = new CodeMemory(target, budget, blocks);
    }

    /// <summary>What was found.</summary>
    public CodeAnswer Answer()
    {
        var inOrder = sites.OrderBy(site => site.Match).ThenByDescending(site => Weight(site.Verdict)).ThenBy(site => site.Frame);
        return new CodeAnswer([.. inOrder],
            notes)
        { LacksAnImage = modules.ContainsValue(null), Reads = memory.Reads, Bytes = budget.Bytes };
    }

    /// <summary>Which locks are held at a frame's return address.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="number">Its number, the newest is 0.</param>
    public void AskFrame(StackFrame frame, int number)
    {
        if (Open(frame.Instruction) is not { } module || FunctionAt(module.Context.Image, frame.Instruction) is not { } start)
        {
            return;
        }

        FunctionWalk walk = module.Walker.Walk(start);

        // The state before the call counts: what the call takes, the thread may still wait for.
        List<Node> here = [.. walk.States.Keys.Where(node => !node.IsExit && IsAt(walk.Graph.Blocks[node.At], frame.Instruction))];
        if (here.Count == 0)
        {
            Note(frame.Instruction, walk.GaveUp);
        }

        foreach (Site site in walk.Sites)
        {
            List<Node> holding = [.. here.Where(node => node.Property.Holds(site.Id))];
            if (holding.Count > 0)
            {
                bool always = walk.GaveUp is null && holding.Count == here.Count &&
                    here.TrueForAll(node => node.Property.Marks != Marks.Depends);
                LockPlace.Found place = PlaceOf(module.Context.Values, site, walk.States[holding[0]], frame);
                Add(always ? SiteVerdict.Holds : SiteVerdict.MayHold, site, place, found => found with { Frame = number });
            }
        }
    }

    /// <summary>What a thread's start routine does with the locks that it takes.</summary>
    public void AskStartRoutine(ulong routine)
    {
        if (Open(routine) is not { } module)
        {
            return;
        }

        FunctionWalk walk = module.Walker.Walk(routine);
        Note(routine, walk.GaveUp);
        var place = new LockPlace(module.Context.Values, memory, null);
        foreach (Claim claim in module.Walker.FatesOf(walk))
        {
            Add(VerdictOf(claim), claim.Site, place.Of(claim.Lock), site => Describe(site, claim, walk));
        }
    }

    // A start routine has no caller: a lock that it hands over is lost. What rests on anything but plain ways is no claim.
    private static SiteVerdict VerdictOf(Claim claim) => claim switch
    {
        { Fate: Fate.CannotTell } => SiteVerdict.CannotTell,
        { Site.Routine.IsInlinedHalf: true } => SiteVerdict.Takes,
        { Fate: Fate.Released } => SiteVerdict.NoPathSeen,
        { Fate: Fate.NeverEnds or Fate.MayReturn } => SiteVerdict.Takes,
        { Marks: Marks.Depends } => SiteVerdict.Takes,
        { Fate: Fate.NeverReleases or Fate.ByResult, Branch: 0, Marks: Marks.None } => SiteVerdict.NeverReleases,
        _ => SiteVerdict.CanReturn,
    };

    private static CodeSite Describe(CodeSite site, Claim claim, FunctionWalk walk)
    {
        bool isClaim = site.Verdict is SiteVerdict.NeverReleases or SiteVerdict.CanReturn;
        return !isClaim ? site : site with
        {
            ReturnsAt = claim.Exit,
            Branch = claim.Branch == 0 ? null : claim.Branch,
            Raises = claim.Raises == 0 ? null : claim.Raises,
            Unless = (claim.Marks & Marks.CallsOut) != 0 ? [.. walk.CallsOut] : [],
        };
    }

    private static int Weight(SiteVerdict verdict) => verdict switch
    {
        SiteVerdict.Holds => 6,
        SiteVerdict.MayHold => 5,
        SiteVerdict.NeverReleases => 4,
        SiteVerdict.CanReturn => 3,
        SiteVerdict.Takes => 2,
        SiteVerdict.CannotTell => 1,
        _ => 0,
    };

    private LockPlace.Found PlaceOf(ValueFactory values, Site site, MachineState state, StackFrame frame)
    {
        ulong? stack = values.StackOffset(state.Stack) is { } moved ? frame.Stack - (ulong)moved : null;
        return new LockPlace(values, memory, stack).Of(state.Locks.GetValueOrDefault(site.Id, values.Unknown));
    }

    private static bool IsAt(CodeBlock block, ulong instruction) =>
        block.Next == instruction && block.End is BlockEnd.Calls or BlockEnd.CallsForever ||
            (instruction >= block.Start && instruction < block.Next && block.Start != instruction);

    private static ulong? FunctionAt(DriverImage image, ulong address) =>
        image.Functions.FunctionAt(address) is { } function ? image.Start + function.Begin : null;

    private (WalkContext Context, Walker Walker)? Open(ulong address)
    {
        if (target.Symbols.At(address) is not { IsUnloaded: false, ModuleStart: not 0 } symbol)
        {
            return null;
        }

        if (!modules.TryGetValue(symbol.ModuleStart, out var module))
        {
            DriverImage? image = DriverImage.TryOpen(memory, symbol.ModuleStart);
            if (image is null)
            {
                notes.Add($"The code of {symbol.Module} cannot be read: it is not in the dump or paged out. " +
                    "Add the folder of its image to the image path (.exepath+) and try again.");
            }
            else
            {
                var context = new WalkContext(image, routines, budget);
                module = (context, new Walker(context));
            }

            modules.Add(symbol.ModuleStart, module);
        }

        return module;
    }

    private void Add(SiteVerdict verdict, Site site, LockPlace.Found place, Func<CodeSite, CodeSite> describe)
    {
        LockRoutine routine = site.Routine;
        bool fits = (wanted.Kind is null || wanted.Kind == routine.Kind) &&
            (wanted.Exclusive is null || wanted.Exclusive == routine.Exclusive) &&
            !(wanted.Address != 0 && place.IsSure && place.Address != wanted.Address);
        if (fits)
        {
            IReadOnlyList<ulong> calls = site.Calls;
            sites.Add(describe(new CodeSite(verdict, calls[^1])
            {
                Symbol = target.Symbols.At(calls[^1]),
                Routine = routine.Name,
                Kind = routine.Kind,
                Exclusive = routine.Exclusive == true,
                Match = wanted.Address != 0 && place.Address == wanted.Address ? LockMatch.Same : LockMatch.Unknown,
                Through = [.. calls.SkipLast(1)],
            }));
        }
    }

    private void Note(ulong address, string? why)
    {
        if (why is not null)
        {
            notes.Add($"Not all of {target.Symbols.At(address)} was gone through: {why}.");
        }
    }
}
