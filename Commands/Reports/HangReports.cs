using LockLeak.Findings;
using LockLeak.Kernel;

namespace LockLeak.Reports;

/// <summary>The thread that most threads of a hang wait for.</summary>
/// <param name="Thread">_ETHREAD.</param>
/// <param name="Blocked">Number of threads that wait for it, directly or not.</param>
/// <param name="Waiter">The one of them that has waited longest for a lock.</param>
/// <param name="WaitMilliseconds">For how long.</param>
/// <param name="WaitIsLowerBound">True when that may be longer.</param>
/// <param name="Module">The first driver in its stack that is not the kernel; null when there is none or it cannot be told.</param>
/// <param name="Message">One sentence for people: who it is, and who waits for how long.</param>
/// <param name="Reason">One more: what it does, and whose code that is.</param>
internal sealed record BlockerReport(
    ThreadAddress Thread, long Blocked, ThreadAddress Waiter, long WaitMilliseconds, bool WaitIsLowerBound, string? Module,
    Sentence Message, Sentence Reason);

/// <summary>A lock that somebody has waited long for.</summary>
/// <param name="Lock">Its address.</param>
/// <param name="Waiters">Number of threads that wait for it.</param>
/// <param name="Waiter">The one of them that has waited longest.</param>
/// <param name="WaitMilliseconds">For how long.</param>
/// <param name="WaitIsLowerBound">True when that may be longer.</param>
/// <param name="ContentionCount">How often threads have had to wait for it, by its own count; null when it keeps none.</param>
internal sealed record ContentionReport(
    LockAddress Lock, long Waiters, ThreadAddress Waiter, long WaitMilliseconds, bool WaitIsLowerBound, long? ContentionCount);
