using System.Text.Json.Nodes;
using LockLeak.Analysis;
using LockLeak.Kernel;
using LockLeak.Reports;
using LockLeak.Target;

namespace LockLeak.Tests.Reports;

/// <summary>What holds for a property of a report beyond its type.</summary>
internal static class SchemaLimits
{
    /// <summary>Keywords that narrow a property; most have none.</summary>
    /// <param name="definition">Its object's name in the schema.</param>
    /// <param name="property">Its name.</param>
    public static JsonObject Of(string definition, string property) => (definition, property) switch
    {
        (_, "schema") => Constant("lockleak/1"),
        (_, "command") => Constant(definition),
        ("tool", "name") => Constant("lockleak"),
        ("target", "kind") => OneOf(Enum.GetValues<TargetKind>().Select(kind => Words.Of(kind))),
        ("target", "layout") => OneOf([Words.OfLayout(isBuiltIn: false), Words.OfLayout(isBuiltIn: true)]),
        ("target", "dump") => OneOf(Enum.GetValues<DumpKind>().Select(kind => Words.Of(kind)).Present()),
        ("wait", "kind") => OneOf(Enum.GetValues<WaitEndKind>().Select(Words.Of)),
        ("bugCheck", "code") => new() { ["pattern"] = "^0x[0-9a-f]+$" },
        ("bugCheck", "parameters") => new() { ["minItems"] = 4, ["maxItems"] = 4 },
        ("blocker", "blocked") or ("contention", "waiters") => new() { ["minimum"] = 1 },
        _ => [],
    };

    /// <summary>True for a number that may be negative: by its meaning, or as 64 bits of a target that may hold anything.</summary>
    public static bool IsSigned(string property) =>
        property is "pid" or "tid" or "serverPid" or "priority" or "basePriority" or "sessionId" or "uptimeMilliseconds";

    /// <summary>One of these words.</summary>
    private static JsonObject OneOf(IEnumerable<string> words) =>
        new() { ["enum"] = new JsonArray([.. words.Distinct().Select(word => JsonValue.Create(word))]) };

    private static JsonObject Constant(string word) => new() { ["const"] = word };
}
