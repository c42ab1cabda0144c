using KernelImages;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Analysis;
using LockLeak.Layouts;
using LockLeak.Target;
using BugChecks = LockLeak.Analysis.BugChecks;

namespace LockLeak.Tests.Analysis;

/// <summary>Bug checks in words.</summary>
[TestClass]
public sealed class BugCheckTests
{
    private const ulong A = 0xffffc788_39108040, B = 0xffffc788_3a0f6f70;

    [TestMethod]
    [DataRow(0x153u, A, B, 1UL, 0UL, A, 0UL,
        "thread ffffc788`39108040; lock entry ffffc788`3a0f6f70 was not freed; the entry's lock pointer was not NULL")]
    [DataRow(0x153u, A, 0UL, 4UL, B, A, 0UL,
        "thread ffffc788`39108040; lock entry 00000000`00000000 was not freed; the entry has residual IO or CPU boosts; lock " +
        "ffffc788`3a0f6f70")]
    [DataRow(0x153u, A, 0UL, 9UL, 0UL, A, 0UL,
        "thread ffffc788`39108040; lock entry 00000000`00000000 was not freed; the entry was not free (state 9)")]
    [DataRow(0x162u, A, B, 0xffffffffUL, 0UL, A, B, "thread ffffc788`39108040; lock ffffc788`3a0f6f70 that it did not own; session -1")]
    [DataRow(0x192u, A, B, 2UL, 0UL, A, B, "thread ffffc788`39108040; acquired lock ffffc788`3a0f6f70; at IRQL 2")]
    [DataRow(0x157u, A, 12UL, 2UL, 0UL, A, 0UL, "thread ffffc788`39108040; target priority 12; the priority counter under-flowed")]
    [DataRow(0x152u, 0x80UL, B, 0UL, 0UL, 0UL, B, "flags 0x80 have bits that must not be set; push lock ffffc788`3a0f6f70")]
    [DataRow(0x16eu, B, A, 1UL, 0UL, A, B,
        "resource ffffc788`3a0f6f70; current thread ffffc788`39108040; was released for thread 00000000`00000001")]
    [DataRow(0x13cu, A, 1UL, 0UL, 0UL, A, 0UL, "thread ffffc788`39108040; boost state or throttle count 0x1")]
    [DataRow(0xe3u, B, A, 0UL, 0UL, A, B,
        "resource ffffc788`3a0f6f70; thread ffffc788`39108040 released it without owning it; it has no owner table")]
    public void ParametersAreExplained(uint code, ulong p1, ulong p2, ulong p3, ulong p4, ulong thread, ulong lockAddress, string words)
    {
        BugCheckText text = BugChecks.Describe(new BugCheck(code, p1, p2, p3, p4), 22621);

        Assert.AreEqual(words, string.Join("; ", text.Parameters.Where(parameter => parameter.Length > 0)));
        Assert.AreEqual((thread, lockAddress), (text.Thread.Value, text.Lock.Value));
        Assert.HasCount(4, text.Parameters);
    }

    /// <summary>States 2 and 4 of 0x153 are about an entry that names no lock.</summary>
    [TestMethod]
    [DataRow(2UL, "the entry's thread pointer has reserved bits set")]
    [DataRow(4UL, "the entry has residual IO or CPU boosts")]
    public void AnEntryWithoutALockIsALeakToo(ulong state, string words)
    {
        const ulong thread = 0xffffc788_39108040, entry = 0xffffc788_391086e0;
        Scenario scenario = Walkthrough.PushLock153 with
        {
            Locks = [],
            BugCheck = new(
            0x153, _ => [thread, entry, state, 0])
            { Thread = "reaper" }
        };

        Answer answer = Session.Run(new InMemoryTarget(SyntheticKernel.Build(scenario, KernelTypes.Load("22621"))), "!lockleak");

        StringAssert.Contains(
            answer.Output,
            $"""

            LEAKED  Thread ffffc788`39108040 (System 4.1928) ended, and its lock entry ffffc788`391086e0 was not free.
                At the thread's end {words}.
            """.ReplaceLineEndings("\n"));
        Assert.AreEqual(1, answer.Result.Findings);
    }

    [TestMethod]
    [DataRow(0x0au)]
    [DataRow(0x139u)]
    [DataRow(0u)]
    public void OtherBugChecksKeepTheirParameters(uint code)
    {
        BugCheckText text = BugChecks.Describe(new BugCheck(code, 1, 2, 3, 4), 22621);

        Assert.IsNull(text.Name);
        Assert.AreEqual("00000000`00000001 00000000`00000002 00000000`00000003 00000000`00000004", string.Join(' ', text.Parameters));
    }
}
