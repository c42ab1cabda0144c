using LockLeak.Analysis;
using LockLeak.Code;
using LockLeak.Findings;
using LockLeak.Kernel;
using LockLeak.Locks;
using LockLeak.Target;

namespace LockLeak.Reports;

/// <summary>The words of text and JSON for what is an enumeration inside.</summary>
internal static class Words
{
    /// <summary>"certain" or "suspect".</summary>
    public static string Of(Certainty certainty) => certainty switch
    {
        Certainty.Certain => "certain",
        Certainty.Suspect => "suspect",
    };

    /// <summary>"owns", "waits", "acquiring", "orphaned" or "free".</summary>
    public static string Of(LockRelation relation) => relation switch
    {
        LockRelation.Owns => "owns",
        LockRelation.Waits => "waits",
        LockRelation.Acquiring => "acquiring",
        LockRelation.Orphaned => "orphaned",
        LockRelation.Free => "free",
    };

    /// <summary>"holds", "never-releases" and so on.</summary>
    public static string Of(SiteVerdict verdict) => verdict switch
    {
        SiteVerdict.Holds => "holds",
        SiteVerdict.MayHold => "may-hold",
        SiteVerdict.Takes => "takes",
        SiteVerdict.NeverReleases => "never-releases",
        SiteVerdict.CanReturn => "can-return",
        SiteVerdict.NoPathSeen => "no-path-seen",
        SiteVerdict.CannotTell => "cannot-tell",
    };

    /// <summary>"irp" and so on.</summary>
    internal static string Of(WaitEndKind kind) => kind switch
    {
        WaitEndKind.Irp => "irp",
        WaitEndKind.PossibleIrp => "possible-irp",
        WaitEndKind.PageIn => "page-in",
        WaitEndKind.Timer => "timer",
        WaitEndKind.Rundown => "rundown",
        WaitEndKind.Alpc => "alpc",
        WaitEndKind.Queue => "queue",
        WaitEndKind.User => "user",
        WaitEndKind.Thread => "thread",
        WaitEndKind.Process => "process",
        WaitEndKind.Object => "object",
        WaitEndKind.Suspended => "suspended",
        WaitEndKind.Frozen => "frozen",
        WaitEndKind.Ready => "ready",
    };

    /// <summary>"dump" or "live".</summary>
    public static string Of(TargetKind kind) => kind switch
    {
        // Without a target there is no report.
        TargetKind.None or TargetKind.Dump => "dump",
        TargetKind.Live => "live",
    };

    /// <summary>"pdb" or "built-in": where the kernel's types come from.</summary>
    public static string OfLayout(bool isBuiltIn) => isBuiltIn ? "built-in" : "pdb";

    /// <summary>"small", "kernel", "active" or "full"; null when it is not known.</summary>
    public static string? Of(DumpKind kind) => kind switch
    {
        DumpKind.Unknown => null,
        DumpKind.Small => "small",
        DumpKind.Kernel => "kernel",
        DumpKind.Active => "active",
        DumpKind.Full => "full",
    };

    /// <summary>"exclusive" or "shared".</summary>
    public static string Of(LockMode mode) => mode switch
    {
        LockMode.Exclusive => "exclusive",
        LockMode.Shared => "shared",
    };

    /// <summary>"lock-entry" and so on.</summary>
    public static string Of(FoundBy way) => way switch
    {
        FoundBy.LockEntry => "lock-entry",
        FoundBy.WaitBlock => "wait-block",
        FoundBy.WaitObject => "wait-object",
        FoundBy.Stack => "stack",
        FoundBy.OwnerField => "owner-field",
        FoundBy.OwnerEntry => "owner-entry",
    };
}
