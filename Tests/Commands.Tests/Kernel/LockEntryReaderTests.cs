using CsCheck;
using LockLeak.Kernel;
using LockLeak.Layouts;

namespace LockLeak.Tests.Kernel;

/// <summary>Whatever a thread's lock entries say, on every build they are read as they were written.</summary>
[TestClass]
internal sealed class LockEntryReaderTests
{
    private const int Samples = 150;
    private const ulong Thread = 0xffffc788_39108040;

    /// <summary>Builds with lock entries, and the shape that each of them must be taken for.</summary>
    public static IEnumerable<(string Build, LockEntryFamily Family)> Builds =>
    [
        ("6.3.9600", LockEntryFamily.A0), ("10.0.10240", LockEntryFamily.A0), ("10.0.14393", LockEntryFamily.A0),
        ("10.0.17763", LockEntryFamily.A0),
        ("10.0.18362", LockEntryFamily.A0), ("10.0.19041", LockEntryFamily.A1), ("10.0.19045", LockEntryFamily.A1),
        ("10.0.20348", LockEntryFamily.A1),
        ("10.0.22000", LockEntryFamily.B), ("10.0.22621", LockEntryFamily.B), ("10.0.22631", LockEntryFamily.B),
        ("10.0.26100", LockEntryFamily.C),
        ("10.0.26100.1742", LockEntryFamily.C), ("10.0.28000", LockEntryFamily.D),
    ];

    [TestMethod]
    public void EveryBuildWithLockEntriesIsTested() => CollectionAssert.AreEquivalent(
        KernelTypes.Builds.Where(build => KernelTypes.Load(build).SizeOf("_KLOCK_ENTRY") is not null).ToArray(),
        Builds.Select(build => build.Build).ToArray());

    [TestMethod]
    [DynamicData(nameof(Builds))]
    public void EntriesAreReadAsTheyWereWritten(string build, LockEntryFamily family)
    {
        KernelTypes types = KernelTypes.Load(build);
        KernelLayout layout = Layout(types, family);
        bool isBlock = family is LockEntryFamily.C or LockEntryFamily.D;
        Gen<EntryModel[]> kernel = isBlock ? EntryModel.Any.Array[0, 16] : EntryModel.Any.Array[6];
        Gen<EntryModel[]> user = isBlock ? EntryModel.Any.Array[0, 16] : Gen.Const(Array.Empty<EntryModel>());

        Gen.Select(kernel, user).Sample(
            (kernelEntries, userEntries) =>
            {
                var target = new MemoryTarget(types);
                ulong[] addresses = LockEntryEncoder.Write(target, Thread, kernelEntries, userEntries);

                IReadOnlyList<LockEntry> read = Read(target, layout, out Notes notes);

                CollectionAssert.AreEqual(
                    kernelEntries.Select((entry, i) => Line(types, family, entry, i, addresses[i], isUser: false))
                        .Concat(userEntries.Select((entry, i) =>
                        Line(types, family, entry, i, addresses[kernelEntries.Length + i], isUser: true))).ToArray(),
                    read.Select(Line).ToArray());
                Assert.IsEmpty(notes.Lines);
            },
            iter: Samples);
    }

    [TestMethod]
    [DynamicData(nameof(Builds))]
    public void AnEntryOfAnotherThreadIsCorrupt(string build, LockEntryFamily family)
    {
        KernelTypes types = KernelTypes.Load(build);
        var target = new MemoryTarget(types);
        EntryModel owns = new(EntryModel.Uses.Used, 0xffffc788_3a0f6f70, Waiting: false, Acquired: true, InTree: true,
            new(false, false, false, -1));
        ulong[] addresses = LockEntryEncoder.Write(target, Thread, [.. Enumerable.Repeat(owns, 6)], []);
        MisleadEntry(target, family, addresses[2]);

        LockEntry[] corrupt = [.. Read(target, Layout(types, family), out _).Where(entry => entry.IsCorrupt)];

        // A block leads all of its entries to its thread; anywhere else an entry leads there by itself.
        ulong[] expected = family is LockEntryFamily.C or LockEntryFamily.D ? addresses : [addresses[2]];
        CollectionAssert.AreEqual(expected, corrupt.Select(entry => entry.Address.Value).ToArray());
        Assert.IsTrue(corrupt.All(entry => entry.ComputedThread?.Value != Thread));
    }

    [TestMethod]
    [DataRow("6.3.9600", "LockEntriesFreeList.Next")]
    [DataRow("10.0.19041", "LockEntries")]
    [DataRow("10.0.20348", "LockEntries")]
    [DataRow("10.0.26100", "KernelAbEntries")]
    [DataRow("10.0.28000", "KernelAbEntries")]
    public void EntriesThatCannotBeReadLeaveANote(string build, string pointer)
    {
        KernelTypes types = KernelTypes.Load(build);
        var target = new MemoryTarget(types);
        LockEntryEncoder.Write(target, Thread, [], []);
        target.Typed.Set("_KTHREAD", Thread, pointer, 0xffffdead_0000c0d0);

        Read(target, Layout(types, Builds.Single(known => known.Build == build).Family), out Notes notes);

        Assert.HasCount(1, notes.Lines);
        StringAssert.Contains(notes.Lines[0], "ffffc788`39108040");
    }

    [TestMethod]
    public void ACountThatCannotBeIsNotBelieved()
    {
        KernelTypes types = KernelTypes.Load("10.0.26100");
        var target = new MemoryTarget(types);
        EntryModel free = new(EntryModel.Uses.Free, 0, Waiting: false, Acquired: false, InTree: false, new(false, false, false, -1));
        LockEntryEncoder.Write(target, Thread, [.. Enumerable.Repeat(free, 6)], []);
        target.Typed.Set("_KLOCK_ENTRIES", target.Typed.Get("_KTHREAD", Thread, "KernelAbEntries"), "EntryCount", 255);

        IReadOnlyList<LockEntry> read = Read(target, Layout(types, LockEntryFamily.C), out Notes notes);

        Assert.HasCount(6, read);
        StringAssert.Contains(notes.Lines.Single(), "255 lock entries");
    }

    private static KernelLayout Layout(KernelTypes types, LockEntryFamily family)
    {
        KernelLayout layout = KernelLayout.TryResolve(types, "PDB", smallEntries: family == LockEntryFamily.D)!;
        Assert.AreEqual(family, layout.Family);
        return layout;
    }

    private static LockEntry[] Read(MemoryTarget target, KernelLayout layout, out Notes notes)
    {
        notes = new Notes();
        var memory = new KernelMemory(target);
        return [.. new LockEntryReader(memory, layout.Entries!, notes).Read(memory.TryReadWindow(Thread, 0, layout.ThreadSize)!.Value)
            .All()];
    }

    /// <summary>Breaks the way from an entry to its thread, which each generation has another one of.</summary>
    private static void MisleadEntry(MemoryTarget target, LockEntryFamily family, ulong entry)
    {
        var types = (KernelTypes)target.Types;
        if (family is LockEntryFamily.C)
        {
            target.Typed.Set("_KLOCK_ENTRIES", target.Typed.Get("_KTHREAD", Thread, "KernelAbEntries"), "Thread", Thread + 0x1000);
        }
        else if (family is LockEntryFamily.D)
        {
            ulong blocks = target.Typed.Get("_KTHREAD", Thread, "KernelAbEntries");
            target.Typed.SetQuads(target.Typed.GetQuad(blocks), Thread + 0x1000);
        }
        else if (types.Field("_KLOCK_ENTRY", "ThreadUnsafe") is not null)
        {
            target.Typed.Set("_KLOCK_ENTRY", entry, "ThreadUnsafe", Thread + 0x1000);
        }
        else if (!target.Typed.Set("_KLOCK_ENTRY", entry, "EntryOffset", 0x11))
        {
            target.Typed.Set("_KLOCK_ENTRY", entry, "EntryIndex", 5);
        }
    }

    /// <summary>What an entry of the model must be read as, without what its build cannot say.</summary>
    private static string Line(KernelTypes types, LockEntryFamily family, EntryModel entry, int index, ulong address, bool isUser)
    {
        bool hasBlock = family is LockEntryFamily.C or LockEntryFamily.D;
        bool isOldest = types.Build == 9600;
        LockRelation relation = isOldest && entry.Use == EntryModel.Uses.Orphaned
            ? (entry with { Use = EntryModel.Uses.Used }).Relation : entry.Relation;
        return Line(
            address, index, relation, relation is LockRelation.Free or LockRelation.Orphaned ? 0 : entry.Lock,
            entry.Lock != 0 && entry.InTree, entry.Extra.Busy,
            entry.Extra.CrossThreadReleasable && !isOldest && family != LockEntryFamily.D,
            entry.Extra.Head && family != LockEntryFamily.D, isUser,
            hasBlock ? -1 : entry.Extra.SessionId, relation is LockRelation.Free or LockRelation.Orphaned ? null : Thread);
    }

    private static string Line(LockEntry entry) => Line(
        entry.Address.Value, entry.Index, entry.Relation, entry.Lock.Value, entry.InTree, entry.IsBusy, entry.IsCrossThreadReleasable,
        entry.IsHead, entry.IsUser,
        entry.SessionId, entry.ComputedThread?.Value);

    private static string Line(
        ulong address, int index, LockRelation relation, ulong lockAddress, bool inTree, bool busy, bool crossThread, bool head, bool user,
        int session, ulong? thread) =>
        $"{address:x}[{index}] {relation} {lockAddress:x} tree={inTree} busy={busy} cross={crossThread} head={head} user={user} " +
            $"session={session} thread={thread:x}";
}
