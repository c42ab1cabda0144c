using LockLeak.Code.Values;

namespace LockLeak.Code.Walk;

/// <summary>Goes through functions of a driver, each once, and says how each of them ends.</summary>
internal sealed class Walker : IWalker
{
    private const int MostOutcomes = 8;

    private readonly WalkContext context;
    private readonly LockEffects locks;
    private readonly Simulation simulation;
    private readonly Dictionary<ulong, FunctionWalk?> walks = [];

    /// <param name="context">The driver and the question.</param>
    public Walker(WalkContext context)
    {
        this.context = context;
        var calls = new AnyCall(context);
        locks = new LockEffects(context, calls);
        simulation = new Simulation(context, calls, new CallEffects(context, this, calls, locks));
    }

    /// <inheritdoc/>
    public int Nesting { get; private set; }

    /// <summary>Goes through a function that a question is about.</summary>
    public FunctionWalk Walk(ulong start)
    {
        FunctionWalk walk = WalkOf(start)!;
        if (context.Mutexes.CameLate)
        {
            walks.Clear();
            context.Mutexes.Restart();
            walk = WalkOf(start)!;
        }

        return walk;
    }

    /// <summary>What becomes of the locks that a function takes.</summary>
    public IReadOnlyList<Claim> FatesOf(FunctionWalk walk) => new SiteFates(walk, context.Values, locks).All;

    /// <inheritdoc/>
    public FunctionWalk? WalkOf(ulong start)
    {
        if (!walks.TryGetValue(start, out FunctionWalk? walk))
        {
            walks[start] = null;
            Nesting++;
            walk = Run(start);
            Nesting--;
            walks[start] = walk;
        }

        return walk;
    }

    /// <inheritdoc/>
    public void Run(Pass pass, Property property, MachineState state) => simulation.Run(pass, property, state);

    private FunctionWalk Run(ulong start)
    {
        var walk = new FunctionWalk(context.GraphOf(start));
        var pass = new Pass
        {
            Walk = walk,
            Graph = walk.Graph,
            States = walk.States,
            Leave = (from, at, property, state, endsThread) =>
            {
                var node = new Node(at, property, IsExit: true);
                walk.Connect(from, node);
                if (endsThread)
                {
                    walk.ThreadEnds.Add(at);
                }

                if (!walk.States.TryGetValue(node, out MachineState? present))
                {
                    walk.States.Add(node, state.Clone());
                }
                else
                {
                    present.Merge(state.Clone(), at + 1);
                }
            },
        };
        Run(pass, default, new MachineState(context.Values));
        if (walk.Graph.Lost is { } lost)
        {
            walk.GiveUp(lost.Why);
        }

        Summarise(walk);
        return walk;
    }

    private void Summarise(FunctionWalk walk)
    {
        Dictionary<string, Outcome> outcomes = [];
        Dictionary<(CodeLockKind Kind, Value Lock), Site> firstSites = [];
        foreach ((Node node, MachineState state) in walk.States.Where(pair => pair.Key.IsExit && !walk.ThreadEnds.Contains(pair.Key.At)))
        {
            Value result = state[Register.Rax];
            ValueRange[] results = [.. Outcome.Widths.Select(bits => Known(state, result, bits))];
            List<(Site Site, Value Lock)> held = [.. walk.Sites.Where(site => node.Property.Holds(site.Id)).Select(Held)];
            string locks = string.Join(',', held.Select(taken => $"{taken.Site.Id}:{taken.Lock.Id}"));
            string id = $"{locks}|{node.Property.Freed}|{node.Property.Marks}";
            if (!outcomes.TryGetValue(id, out Outcome? known))
            {
                Release[] released = [.. walk.Releases.Where((_, i) => (node.Property.Freed & 1UL << i) != 0)];
                outcomes.Add(id, new Outcome(held, released, node.Property.Marks) { Result = result, Results = results });
                continue;
            }

            known.Result = known.Result.IsSame(result) ? result : context.Values.Unknown;
            for (int i = 0; i < results.Length; i++)
            {
                known.Results[i] = known.Results[i].Join(results[i]);
            }

            // A lock that may have been taken at several places is one lock to the caller.
            (Site Site, Value Lock) Held(Site site)
            {
                Value taken = state.Locks.GetValueOrDefault(site.Id, context.Values.Unknown);
                bool isFirst = taken.IsUnknown || firstSites.TryAdd((site.Routine.Kind, taken), site);
                return (isFirst ? site : firstSites[(site.Routine.Kind, taken)], taken);
            }
        }

        walk.IsComplex = outcomes.Count > MostOutcomes;
        walk.Outcomes = walk.IsComplex ? [] : [.. outcomes.Values];
    }

    private ValueRange Known(MachineState state, Value result, int bits) =>
        result.IsUnknown ? ValueRange.All(bits) : state.Facts.Of(context.Values.Low(result, bits)).Widen(bits);
}
