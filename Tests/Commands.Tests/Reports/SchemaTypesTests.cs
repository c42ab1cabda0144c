using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using LockLeak.Reports;

namespace LockLeak.Tests.Reports;

/// <summary>
/// docs/lockleak-1.schema.json has the properties of the records that reports are made of: all of them, with their types, and no other.
/// </summary>
[TestClass]
public sealed class SchemaTypesTests
{
    private static readonly JsonObject Definitions = ReportSchema.Published["$defs"]!.AsObject();

    [TestMethod]
    [DataRow("lockleak", typeof(LockLeakReport))]
    [DataRow("threadlocks", typeof(ThreadLocksReport))]
    [DataRow("pushlock", typeof(PushLockReport))]
    public void PropertiesAreThoseOfTheRecords(string definition, Type report) => Assert.AreEqual(
        string.Join('\n', OfType(definition, Info(report), isNullable: false).Order(StringComparer.Ordinal)),
        string.Join('\n', OfSchema(definition, Definitions[definition]!).Order(StringComparer.Ordinal)));

    /// <summary>A line for each value in a record: where it is, and what.</summary>
    private static IEnumerable<string> OfType(string path, JsonTypeInfo type, bool isNullable) =>
    [
        Line(path, Word(type), isNullable),
        .. type.Properties.Where(property => property.Get is not null).SelectMany(property => OfProperty(path, property)),
        .. type is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element }
            ? OfType($"{path}[]", Info(element), IsNullable(element)) : [],
    ];

    private static IEnumerable<string> OfProperty(string path, JsonPropertyInfo property)
    {
        // What is left out when it is null is never null where it is.
        bool isOptional = property.ShouldSerialize is not null;
        return OfType($"{path}.{property.Name}{(isOptional ? "?" : "")}", Info(property.PropertyType),
            !isOptional && property.IsGetNullable);
    }

    /// <summary>The same of a schema.</summary>
    private static IEnumerable<string> OfSchema(string path, JsonNode schema, bool isNullable = false)
    {
        if (schema["anyOf"] is JsonArray either)
        {
            return OfSchema(path, either[0]!, isNullable: true);
        }

        if (schema["$ref"] is { } reference)
        {
            return OfSchema(path, Definitions[reference.GetValue<string>().Split('/')[^1]]!, isNullable);
        }

        string[] types = schema["type"] is JsonArray several ? [.. several.Select(type => type!.GetValue<string>())]
            : [schema["type"]?.GetValue<string>() ?? "string"];
        string[] required = [.. (schema["required"]?.AsArray() ?? []).Select(name => name!.GetValue<string>())];
        bool hasNull = types.Contains("null") || schema["enum"]?.AsArray().Contains(null) == true;
        return
        [
            Line(path, types[0], isNullable || hasNull),
            .. (schema["properties"]?.AsObject() ?? []).Where(property => !IsOfHost(property.Value!))
                .SelectMany(property => OfSchema($"{path}.{property.Key}{(required.Contains(property.Key) ? "" : "?")}", property.Value!)),
            .. schema["items"] is { } items ? OfSchema($"{path}[]", items) : [],
        ];
    }

    /// <summary>True for what lockleak.exe adds to a report.</summary>
    private static bool IsOfHost(JsonNode property) =>
        property["description"]?.GetValue<string>().StartsWith("From lockleak only:", StringComparison.Ordinal) == true;

    private static string Line(string path, string word, bool isNullable) => $"{path}: {word}{(isNullable ? " or null" : "")}";

    private static string Word(JsonTypeInfo type) => type.Kind switch
    {
        JsonTypeInfoKind.Object => "object",
        JsonTypeInfoKind.Enumerable => "array",
        _ when Is<bool>(type.Type) => "boolean",
        _ when Is<long>(type.Type) || Is<int>(type.Type) => "integer",
        _ => "string",
    };

    private static bool IsNullable(Type type) => Nullable.GetUnderlyingType(type) is not null;

    private static bool Is<T>(Type type) => (Nullable.GetUnderlyingType(type) ?? type) == typeof(T);

    private static JsonTypeInfo Info(Type type) => JsonRenderer.Json.Options.GetTypeInfo(type);
}
