using System.Text.Json.Nodes;

namespace LockLeak.Html.Tests;

/// <summary>Reports as docs/json.md describes them.</summary>
internal static class SampleReports
{
    /// <summary>A name that would do harm where it is not escaped.</summary>
    public const string Hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)>";

    /// <summary>A thread ended with a push lock that others wait for.</summary>
    /// <param name="waiters">How many.</param>
    /// <param name="image">The name of all processes.</param>
    public static JsonObject Leak(int waiters, string image = "System")
    {
        string owner = Address(1), theLock = Address(2);
        string[] waiting = [.. Enumerable.Range(0, waiters).Select(number => Address(100 + number))];
        JsonNode[] threads = [Thread(owner, image, 0x1928, null, theLock, terminated: true),
            .. waiting.Select((thread, number) => Thread(thread, image, 0x2000 + (4 * number), theLock, null))];
        JsonObject finding = Finding("leaked-entry", "certain", $"Thread {image} ended without releasing a push lock.");
        (finding["thread"], finding["lock"], finding["owners"], finding["waiters"]) = (owner, theLock, Array(owner), Array(waiting));
        return Report([finding], threads, [Lock(theLock, [owner], waiting)]);
    }

    /// <summary>A circle of threads, and one more that waits outside of it.</summary>
    public static JsonObject Deadlock(int threads)
    {
        string[] circle = [.. Enumerable.Range(0, threads).Select(number => Address(number))],
            locks = [.. Enumerable.Range(0, threads).Select(number => Address(1000 + number))];
        JsonObject finding = Finding("deadlock", "certain", $"{threads} threads wait for each other in a circle.");
        (finding["threads"], finding["locks"]) = (Array(circle), Array(locks));
        string outside = Address(5000);
        return Report(
            [finding],
            [.. circle.Select((thread, at) =>
                Thread(thread, "backup.exe", 0x504 + (4 * at), locks[at], locks[(at + threads - 1) % threads])),
                Thread(outside, "late.exe", 0x900, locks[0], null)],
            [.. locks.Select((each, at) => Lock(each, [circle[(at + 1) % threads]], at == 0 ? [circle[at], outside] : [circle[at]]))]);
    }

    /// <summary>An address as JSON has it.</summary>
    public static string Address(int number) => $"0xffffc788{number * 0x100 + 0x10000:x8}";

    /// <summary>A report.</summary>
    public static JsonObject Report(JsonNode[] findings, JsonNode[] threads, JsonNode[] locks) => new()
    {
        ["schema"] = "lockleak/1",
        ["command"] = "lockleak",
        ["target"] = new JsonObject
        {
            ["kind"] = "dump",
            ["build"] = 22621,
            ["pointerSize"] = 8,
            ["layout"] = "pdb",
            ["bugCheck"] = new JsonObject
            {
                ["code"] = "0x153",
                ["name"] = "KERNEL_LOCK_ENTRY_LEAKED_ON_THREAD_TERMINATION",
                ["parameters"] = Array(Address(1), Address(2), Address(3), Address(4))
            },
        },
        ["findings"] = new JsonArray(findings),
        ["chains"] = new JsonArray(),
        ["threads"] = new JsonArray(threads),
        ["locks"] = new JsonArray(locks),
        ["cost"] = new JsonObject
        {
            ["processes"] = 1,
            ["threads"] = threads.Length,
            ["threadsWithEntries"] = 2,
            ["reads"] = 15,
            ["bytes"] = 9376,
            ["milliseconds"] = 20
        },
        ["complete"] = true,
        ["notes"] = new JsonArray(),
    };

    private static JsonObject Finding(string kind, string certainty, string message) => new()
    {
        ["kind"] = kind,
        ["certainty"] = certainty,
        ["thread"] = null,
        ["entry"] = null,
        ["lock"] = null,
        ["waiters"] = new JsonArray(),
        ["owners"] = new JsonArray(),
        ["threads"] = new JsonArray(),
        ["locks"] = new JsonArray(),
        ["message"] = message,
        ["reason"] = "",
    };

    private static JsonObject Thread(string thread, string image, int id, string? waitsFor, string? owns, bool terminated = false) => new()
    {
        ["thread"] = thread,
        ["process"] = Address(9),
        ["image"] = image,
        ["pid"] = 4,
        ["tid"] = id,
        ["name"] = null,
        ["state"] = terminated ? "Terminated" : "Waiting",
        ["waitReason"] = terminated ? "WrTerminated" : "WrPushLock",
        ["waitMilliseconds"] = terminated ? null : id * 10,
        ["terminated"] = terminated,
        ["exhausted"] = false,
        ["start"] = Address(7),
        ["startSymbol"] = "TestDriver!FileMoveThread",
        ["waitsFor"] = waitsFor,
        ["processor"] = null,
        ["at"] = null,
        ["source"] = null,
        ["stack"] = Array("fffffb80`7d616b80 nt!KiSwapContext+0x76"),
        ["priority"] = 8,
        ["basePriority"] = 8,
        ["contextSwitches"] = 1,
        ["entries"] = owns is null ? new JsonArray()
            : new JsonArray(new JsonObject
            {
                ["entry"] = Address(8),
                ["index"] = 0,
                ["lock"] = owns,
                ["kind"] = "push lock",
                ["relation"] = "owns"
            }),
    };

    private static JsonObject Lock(string address, string[] owners, string[] waiters) => new()
    {
        ["lock"] = address,
        ["kind"] = "push lock",
        ["symbol"] = null,
        ["value"] = Address(6),
        ["locked"] = true,
        ["sharedOwners"] = 0,
        ["exclusive"] = true,
        ["abandoned"] = false,
        ["owners"] = new JsonArray(
            [.. owners.Select(owner => new JsonObject { ["thread"] = owner, ["entry"] = null, ["foundBy"] = "lock-entry" })]),
        ["waiters"] = new JsonArray(
            [.. waiters.Select(waiter =>
            new JsonObject { ["thread"] = waiter, ["waitBlock"] = null, ["mode"] = "exclusive", ["foundBy"] = Array("wait-block") })]),
    };

    private static JsonArray Array(params string[] texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
