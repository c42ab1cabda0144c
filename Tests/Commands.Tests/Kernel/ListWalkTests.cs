using CsCheck;
using LockLeak.Kernel;
using LockLeak.Layouts;
using LockLeak.Target;

namespace LockLeak.Tests.Kernel;

/// <summary>The lists of processes and threads: wherever a link leads, the walk ends, and it says so when the list did not.</summary>
[TestClass]
public sealed class ListWalkTests
{
    private const ulong Head = 0xfffff807_27400000;
    private const ulong First = 0xffffc788_10000000;
    private const ulong Distance = 0x3010;
    private const int Count = 12;

    private static readonly KernelTypes Types = KernelTypes.Load("10.0.22621");
    private static readonly KernelLayout Layout = KernelLayout.TryResolve(Types, "PDB")!;

    /// <summary>Where a damaged link may lead: to another element, to itself, to nowhere, to anything.</summary>
    private static readonly Gen<ulong> Links = Gen.OneOf(
        Gen.Int[0, Count - 1].Select(At), Gen.Const(0UL), Gen.Const(0xffffdead_0000c0d0), Gen.Const(First + 1), Gen.Const(ulong.MaxValue),
        Gen.ULong);

    [TestMethod]
    public void AWholeListIsWalkedInOrder()
    {
        var (processes, threads, notes) = (new List<KernelProcess>(), new List<ulong>(), new Notes());

        processes.AddRange(Processes(Machine("ActiveProcessLinks", "_EPROCESS"), notes));
        threads.AddRange(Threads(Machine("ThreadListEntry", "_ETHREAD"), notes));

        CollectionAssert.AreEqual(Enumerable.Range(0, Count).Select(At).ToArray(),
            processes.Select(process => process.Address.Value).ToArray());
        CollectionAssert.AreEqual(Enumerable.Range(0, Count).Select(At).ToArray(), threads.ToArray());
        Assert.IsEmpty(notes.Lines);
    }

    [TestMethod]
    public void ADamagedProcessListEndsWithANote() => DamagedListEndsWithANote(
        "ActiveProcessLinks", "_EPROCESS", "The process list breaks", (target, notes) =>
        Processes(target, notes).Select(process => process.Address.Value));

    [TestMethod]
    public void ADamagedThreadListEndsWithANote() => DamagedListEndsWithANote(
        "ThreadListEntry", "_ETHREAD", "The thread list of System (4) breaks", Threads);

    [TestMethod]
    public void AListWhosePagesAreGoneEndsWithANote()
    {
        MemoryTarget target = Machine("ThreadListEntry", "_ETHREAD");
        target.Memory.Unmap(At(5) + Types.OffsetOf("_ETHREAD", "ThreadListEntry"));
        var notes = new Notes();

        Assert.HasCount(5, Threads(target, notes));

        StringAssert.Contains(notes.Lines.Single(), "breaks after 5 threads");
    }

    /// <summary>Else a small dump whose processes all share one long list would be walked for hours.</summary>
    [TestMethod]
    public void AListThatLeadsIntoThatOfAnotherProcessEnds()
    {
        MemoryTarget target = Machine("ThreadListEntry", "_ETHREAD");
        var notes = new Notes();
        var walker = new ThreadWalker(new KernelMemory(target), Layout, notes);
        var first = new KernelProcess(new ProcessAddress(1), 4, "System", Head, target.Typed.GetQuad(Head));

        Assert.HasCount(Count, Threads(walker, first));
        Assert.HasCount(Count, Threads(walker, first), "its own list may be walked again");
        Assert.IsEmpty(notes.Lines);

        Assert.IsEmpty(Threads(walker, new KernelProcess(new ProcessAddress(2), 8, "other.exe", Head + 0x100,
            At(3) + Types.OffsetOf("_ETHREAD", "ThreadListEntry"))));
        StringAssert.StartsWith(notes.Lines.Single(), "The thread list of other.exe (8) breaks after 0 threads");
    }

    private static void DamagedListEndsWithANote(string field, string type, string note,
        Func<MemoryTarget, Notes, IEnumerable<ulong>> walk) =>
        Gen.Select(Gen.Int[0, Count - 1], Links).Sample(
            (damaged, link) =>
            {
                ulong offset = Types.OffsetOf(type, field);
                MemoryTarget target = Machine(field, type);
                ulong to = link >= First && link < At(Count) ? link + offset : link;
                target.Typed.SetQuads(At(damaged) + offset, to);
                var notes = new Notes();

                ulong[] seen = [.. walk(target, notes)];

                bool reachesHead = to == Head || LeadsForward(to, offset, damaged);
                CollectionAssert.AllItemsAreUnique(seen);
                CollectionAssert.AreEqual(Enumerable.Range(0, damaged + 1).Select(At).ToArray(), seen.Take(damaged + 1).ToArray());
                Assert.AreEqual(reachesHead ? 0 : 1, notes.Lines.Count(line => line.StartsWith(note, StringComparison.Ordinal)));
            }, iter: 200);

    /// <summary>A link that goes on, perhaps past some elements: nothing can tell.</summary>
    private static bool LeadsForward(ulong to, ulong offset, int damaged) =>
        Enumerable.Range(damaged + 1, Count - damaged - 1).Any(index => to == At(index) + offset);

    private static ulong At(int index) => First + (ulong)index * Distance;

    /// <summary>Processes or threads, linked into a ring with their head.</summary>
    private static MemoryTarget Machine(string field, string type)
    {
        var target = new MemoryTarget(Types);
        target.Globals[KernelGlobal.PsActiveProcessHead] = Head;
        for (int i = 0; i < Count; i++)
        {
            target.Memory.Map(At(i), Types.RequiredSizeOf(type));
        }

        target.Typed.LinkList(Head, Enumerable.Range(0, Count).Select(i => At(i) + Types.OffsetOf(type, field)));
        return target;
    }

    private static IEnumerable<KernelProcess> Processes(MemoryTarget target, Notes notes) =>
        new ProcessWalker(target, new KernelMemory(target), Layout.Process, notes).Walk();

    private static IEnumerable<ulong> Threads(MemoryTarget target, Notes notes) =>
        Threads(new ThreadWalker(new KernelMemory(target), Layout, notes),
            new KernelProcess(default, 4, "System", Head, target.Typed.GetQuad(Head)));

    private static List<ulong> Threads(ThreadWalker walker, KernelProcess process)
    {
        List<ThreadAddress> threads = [];
        var walk = new ThreadWalk(process, threads);
        while (walker.TryNext(walk, out Window thread))
        {
            Assert.AreEqual(thread.Structure, threads[^1].Value);
        }

        return [.. threads.Select(thread => thread.Value)];
    }
}
