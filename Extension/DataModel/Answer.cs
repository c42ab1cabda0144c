using LockLeak.Analysis;
using LockLeak.DbgEng.DataModel;
using LockLeak.Reports;

namespace LockLeak.Extension.DataModel;

/// <summary>One answer of the commands as objects: the target that it speaks of, and the pointers that occur in it.</summary>
/// <param name="Target">The target at the stop that was asked about.</param>
/// <param name="Kinds">The kind of each lock in the answer; a pointer to one that is missing here has no type.</param>
internal sealed record Answer(Snapshot Target, IReadOnlyDictionary<ulong, string> Kinds)
{
    /// <summary>_ETHREAD.</summary>
    public ModelObject Thread(ulong? address) => Target.Pointer("_ETHREAD", address);

    /// <summary>_EPROCESS.</summary>
    public ModelObject Process(ulong? address) => Target.Pointer("_EPROCESS", address);

    /// <summary>_KLOCK_ENTRY.</summary>
    public ModelObject Entry(ulong? address) => Target.Pointer("_KLOCK_ENTRY", address);

    /// <summary>_EX_PUSH_LOCK_WAIT_BLOCK, which only the symbols of Windows 7 have.</summary>
    public ModelObject WaitBlock(ulong? address) => Target.Pointer("_EX_PUSH_LOCK_WAIT_BLOCK", address);

    /// <summary>_EX_PUSH_LOCK, _ERESOURCE and so on.</summary>
    public ModelObject Lock(ulong? address) => Target.Pointer(Kinds.TryGetValue(address ?? 0, out string? kind) ? LockKinds.TypeName(kind) : null, address);

    /// <summary>Threads.</summary>
    public ModelObject Threads(IReadOnlyList<ulong> addresses) => List(addresses, "thread", address => Thread(address));

    /// <summary>Locks.</summary>
    public ModelObject Locks(IReadOnlyList<ulong> addresses) => List(addresses, "lock", address => Lock(address));

    /// <summary>A list whose line is the number of its elements.</summary>
    /// <param name="items">What is in it.</param>
    /// <param name="what">The word for one of them.</param>
    /// <param name="element">Makes an element.</param>
    public ModelObject List<T>(IReadOnlyList<T> items, string what, Func<T, ModelObject> element) =>
        Target.List(items, items.Count == 0 ? "none" : Phrases.Count(items.Count, what), element);

    /// <summary>The same for records that have a shape.</summary>
    public ModelObject List<T>(IReadOnlyList<T> records, string what, Shape<T> shape)
        where T : class => List(records, what, record => shape.Make(this, record));
}
