using LockLeak.Code.Flow;
using LockLeak.Code.Values;

namespace LockLeak.Code.Walk;

/// <summary>A lock that a function gave back without having taken it: its caller's.</summary>
internal readonly record struct Release(CodeLockKind Kind, Value Lock);

/// <summary>One way in which a function ends, as its callers see it.</summary>
/// <param name="Held">The locks that it returns with.</param>
/// <param name="Released">The locks of its caller that it gave back.</param>
/// <param name="Marks">What is not plain about that way.</param>
internal sealed record Outcome(IReadOnlyList<(Site Site, Value Lock)> Held, IReadOnlyList<Release> Released, Marks Marks)
{
    /// <summary>The widths at which results are looked at: BOOLEAN, NTSTATUS, pointer.</summary>
    public static readonly int[] Widths = [8, 32, 64];

    /// <summary>What is known of the result, at each of the widths.</summary>
    public ValueRange[] Results { get; init; } = [];

    /// <summary>The result, where it is one expression.</summary>
    public required Value Result { get; set; }
}

/// <summary>A function gone through, with all that was found.</summary>
/// <param name="graph">Its code.</param>
internal sealed class FunctionWalk(FlowGraph graph)
{
    /// <summary>Its code.</summary>
    public FlowGraph Graph { get; } = graph;

    /// <summary>The sites, in the order of their bits.</summary>
    public List<Site> Sites { get; } = [];

    /// <summary>The caller's locks that it gives back, in the order of their bits.</summary>
    public List<Release> Releases { get; } = [];

    /// <summary>The state with which each place is reached.</summary>
    public Dictionary<Node, MachineState> States { get; } = [];

    /// <summary>Which places follow which.</summary>
    public Dictionary<Node, HashSet<Node>> Edges { get; } = [];

    /// <summary>The exits at which the thread ends.</summary>
    public HashSet<ulong> ThreadEnds { get; } = [];

    /// <summary>The calls, made with a lock held, that were not looked into.</summary>
    public SortedSet<ulong> CallsOut { get; } = [];

    /// <summary>The ways in which it ends; empty when these are too many to tell a caller.</summary>
    public IReadOnlyList<Outcome> Outcomes { get; set; } = [];

    /// <summary>True when it ends in more ways than a caller can be told.</summary>
    public bool IsComplex { get; set; }

    /// <summary>Why not all of it was gone through; null when all was.</summary>
    public string? GaveUp { get; private set; }

    /// <summary>True when it takes or gives back a lock.</summary>
    public bool TouchesLocks => Sites.Count > 0 || Releases.Count > 0;

    /// <summary>Notes the first reason for not going on.</summary>
    public void GiveUp(string why) => GaveUp ??= why;

    /// <summary>Notes that one place follows another.</summary>
    public void Connect(Node from, Node to)
    {
        if (!Edges.TryGetValue(from, out HashSet<Node>? targets))
        {
            Edges.Add(from, targets = []);
        }

        targets.Add(to);
    }

    /// <summary>The site of a call, made when it is new; null when there are too many.</summary>
    public Site? SiteOf(ulong at, LockRoutine routine, Site? inner)
    {
        Site? known = Sites.Find(site => site.At == at && site.Routine == routine && IsSame(site.Inner, inner));
        if (known is null && Sites.Count == Property.Most)
        {
            GiveUp("too many places that take locks");
        }
        else if (known is null)
        {
            Sites.Add(known = new Site(Sites.Count, at, routine, inner));
        }

        return known;
    }

    /// <summary>The bit of a release of the caller's lock; null when there are too many.</summary>
    public int? ReleaseOf(Release release)
    {
        int known = Releases.FindIndex(other => other.Kind == release.Kind && ReferenceEquals(other.Lock, release.Lock));
        if (known < 0 && Releases.Count == Property.Most)
        {
            GiveUp("too many places that give back locks");
            return null;
        }

        if (known < 0)
        {
            Releases.Add(release);
        }

        return known < 0 ? Releases.Count - 1 : known;
    }

    private static bool IsSame(Site? a, Site? b) =>
        a is null ? b is null : b is not null && a.At == b.At && a.Routine == b.Routine && IsSame(a.Inner, b.Inner);
}
