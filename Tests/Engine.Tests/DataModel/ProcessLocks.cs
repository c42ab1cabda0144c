using System.Text.Json.Nodes;

namespace LockLeak.Engine.Tests.DataModel;

/// <summary>
/// The debugger's own process objects have the lock entries of all their threads, as <c>!threadlocks -a -json</c> has them.
/// </summary>
internal static class ProcessLocks
{
    /// <summary>Asks for both in one session, and compares.</summary>
    public static void Compare(Debugger debugger)
    {
        JsonObject report = JsonNode.Parse(debugger.Run("!threadlocks -a -json").Output)!.AsObject();
        List<string> expected = [.. report["threads"]!.AsArray().SelectMany(thread => thread!["entries"]!.AsArray().Select(entry =>
            $"{Short(thread["thread"])} {entry!["relation"]} {Short(entry["lock"])} {Short(entry["entry"])}"))
                .Order(StringComparer.Ordinal)];

        IReadOnlyList<IReadOnlyDictionary<string, string>> uses = DxOutput.Ask(debugger, "@$cursession.Processes.SelectMany(p => p.Locks)");

        CollectionAssert.AreEqual(
            expected,
            uses.Where(use => use["Entry"] != "0x0").Select(use =>
                $"{First(use["Thread"])} {use["Relation"]} {First(use["Lock"])} {First(use["Entry"])}").Order(StringComparer.Ordinal)
                    .ToList());
    }

    /// <summary>An address of JSON as dx shows it.</summary>
    public static string Short(JsonNode? address) => address is null ? "0x0" : "0x" + address.GetValue<string>()[2..].TrimStart('0');

    /// <summary>The address of a pointer that dx shows with what it points to.</summary>
    public static string First(string pointer) => pointer.Split(' ')[0];
}
