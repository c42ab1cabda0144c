using LockLeak.Code.Flow;
using LockLeak.Code.Values;

namespace LockLeak.Code.Walk;

/// <summary>What a walk says of each site.</summary>
internal sealed class SiteFates(FunctionWalk walk, ValueFactory values, LockEffects locks)
{
    // The plainest way first.
    private static readonly Marks[] Plainness = [Marks.None, Marks.CallsOut, Marks.Raises, Marks.CallsOut | Marks.Raises, (Marks)0xFF];

    /// <summary>All sites.</summary>
    public IReadOnlyList<Claim> All => [.. walk.Sites.Select(Of)];

    private Claim Of(Site site)
    {
        List<Node> holding = [.. walk.States.Keys.Where(node => node.Property.Holds(site.Id))];
        var places = holding.Select(node => walk.States[node].Locks.GetValueOrDefault(site.Id, values.Unknown));
        Value held = places.FirstOrDefault(place => !place.IsUnknown, values.Unknown);
        HashSet<Node> canRelease = BeforeRelease(site, holding);
        if (!holding.Exists(node => node.IsExit))
        {
            return new Claim(site, walk.GaveUp is not null ? Fate.CannotTell : canRelease.Count > 0 ? Fate.Released : Fate.NeverEnds, held);
        }

        List<Node> way = Plainness.Select(allowed => WayOut(site, allowed)).First(found => found.Count > 0);
        return Judge(new Claim(site, Fate.NeverReleases, held), way, canRelease);
    }

    private Claim Judge(Claim claim, List<Node> way, HashSet<Node> canRelease)
    {
        Node exit = way[^1];
        claim = claim with
        {
            Exit = exit.At,
            Marks = exit.Property.Marks,
            EndsThread = walk.ThreadEnds.Contains(exit.At),
            Raises = RaisedOn(way)
        };
        int last = way.FindLastIndex(canRelease.Contains);
        if (last >= 0)
        {
            Node decides = way[last];
            bool isShared = ReachedWithout(claim.Site, decides.At);
            claim = claim with { Fate = isShared ? Fate.MayReturn : Fate.CanReturn, Branch = walk.Graph.Blocks[decides.At].Last.IP };
        }
        else if (canRelease.Count > 0)
        {
            // Given back on other ways from the same call, decided before it or by it.
            claim = claim with { Fate = Fate.MayReturn };
        }

        if (!claim.EndsThread && IsToldByResult(claim.Site))
        {
            return claim with { Fate = Fate.ByResult };
        }

        bool isMaybeTheCallers = walk.Releases.Where((_, i) => (exit.Property.Freed & 1UL << i) != 0)
            .Any(release => release.Kind == claim.Site.Routine.Kind && locks.MayBeSame(release.Lock, claim.Lock));
        return isMaybeTheCallers || claim.Marks == Marks.Depends || walk.GaveUp is not null ? claim with { Fate = Fate.MayReturn } : claim;
    }

    // The places, with the lock held, from which one without it can be reached.
    private HashSet<Node> BeforeRelease(Site site, List<Node> holding)
    {
        Dictionary<Node, List<Node>> into = [];
        Stack<Node> work = [];
        foreach (Node node in holding)
        {
            foreach (Node next in After(node))
            {
                if (!next.Property.Holds(site.Id))
                {
                    work.Push(node);
                }
                else if (into.TryGetValue(next, out List<Node>? before))
                {
                    before.Add(node);
                }
                else
                {
                    into.Add(next, [node]);
                }
            }
        }

        HashSet<Node> found = [];
        while (work.TryPop(out Node? node))
        {
            if (found.Add(node) && into.TryGetValue(node, out List<Node>? before))
            {
                before.ForEach(work.Push);
            }
        }

        return found;
    }

    // The shortest way from the site to an exit with the lock held throughout; empty when there is none with these marks.
    private List<Node> WayOut(Site site, Marks allowed)
    {
        Dictionary<Node, Node?> from = [];
        Queue<Node> work = [];
        foreach ((Node source, HashSet<Node> targets) in walk.Edges)
        {
            if (!source.Property.Holds(site.Id))
            {
                Follow(null, targets);
            }
        }

        while (work.TryDequeue(out Node? node))
        {
            if (node.IsExit)
            {
                List<Node> way = [node];
                while (from[way[^1]] is { } before)
                {
                    way.Add(before);
                }

                way.Reverse();
                return way;
            }

            Follow(node, After(node));
        }

        return [];

        void Follow(Node? source, IEnumerable<Node> targets)
        {
            foreach (Node target in targets)
            {
                if (target.Property.Holds(site.Id) && (target.Property.Marks & ~allowed) == 0 && from.TryAdd(target, source))
                {
                    work.Enqueue(target);
                }
            }
        }
    }

    // Whether a block is also reached on a way on which the lock was not taken.
    private bool ReachedWithout(Site site, ulong block)
    {
        HashSet<Node> seen = [];
        Stack<Node> work = new([new Node(walk.Graph.Start, default)]);
        while (work.TryPop(out Node? node))
        {
            if (node.Property.Holds(site.Id) || !seen.Add(node))
            {
                continue;
            }

            if (node.At == block && !node.IsExit)
            {
                return true;
            }

            foreach (Node next in After(node))
            {
                work.Push(next);
            }
        }

        return false;
    }

    // The call on the way that is followed by a handler and not by the next instruction.
    private ulong RaisedOn(List<Node> way)
    {
        for (int i = 0; i + 1 < way.Count; i++)
        {
            if (walk.Graph.Blocks.TryGetValue(way[i].At, out CodeBlock? block) && block.Handlers.Contains(way[i + 1].At) &&
                way[i + 1].At != block.Next)
            {
                return block.Last.IP;
            }
        }

        return 0;
    }

    // True when the result tells the caller whether the lock is held: true or a pointer, or a status of success, exactly when it is.
    private bool IsToldByResult(Site site)
    {
        bool heldIsTrue = true, heldIsSuccess = true, otherIsFalse = true, otherIsError = true, others = false;
        foreach ((Node node, MachineState state) in walk.States.Where(pair => pair.Key.IsExit && !walk.ThreadEnds.Contains(pair.Key.At)))
        {
            Value result = state[Register.Rax];
            bool? Is(ValueRange range) => state.Facts.Decide(Condition.Of(values, values.Low(result, range.Width), range), out _);
            bool? isError = result.IsUnknown ? null : Is(new ValueRange(0x8000_0000, uint.MaxValue, 32));
            bool?[] isZero = [.. Outcome.Widths.Select(bits => result.IsUnknown ? null : Is(ValueRange.Just(0, bits)))];
            if (node.Property.Holds(site.Id))
            {
                heldIsTrue &= isZero.Contains(false) && isError != true;
                heldIsSuccess &= isError == false;
            }
            else
            {
                others = true;
                otherIsFalse &= isZero.Contains(true);
                otherIsError &= isError == true;
            }
        }

        return others && ((heldIsTrue && otherIsFalse) || (heldIsSuccess && otherIsError));
    }

    private HashSet<Node> After(Node node) => walk.Edges.TryGetValue(node, out HashSet<Node>? next) ? next : [];
}
