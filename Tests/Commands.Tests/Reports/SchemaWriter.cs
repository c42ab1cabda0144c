using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using LockLeak.Build;
using LockLeak.Findings;
using LockLeak.Kernel;
using LockLeak.Locks;
using LockLeak.Reports;

namespace LockLeak.Tests.Reports;

/// <summary>
/// Makes docs/lockleak-1.schema.json of the records that reports are made of, as the serializer writes them. A definition has the name of
/// its record, and the texts are the records' comments. What lockleak.exe adds stands in HostSchema.json.
/// </summary>
/// <remarks>
/// JsonSchemaExporter of .NET describes what can be read: it asks constructors what is required, knows nothing of own converters, and
/// repeats an object wherever it occurs. Reports are only written.
/// </remarks>
internal sealed class SchemaWriter
{
    private static readonly JsonSerializerOptions Json = JsonRenderer.Json.Options;

    private static readonly JsonSerializerOptions Indented =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonNode host = JsonNode.Parse(File.ReadAllText(Repository.Path("Tests/Commands.Tests/Reports/HostSchema.json")))!;
    private readonly DocComments comments = new(typeof(Report).Assembly);
    private readonly SortedDictionary<string, JsonNode?> definitions = new(StringComparer.Ordinal);

    private SchemaWriter()
    {
    }

    /// <summary>The schema.</summary>
    public static string Text() => new SchemaWriter().Schema().ToJsonString(Indented) + "\n";

    private JsonObject Schema()
    {
        JsonNode?[] answers =
        [
            .. typeof(Report).Assembly.GetTypes().Where(IsReport).OrderBy(NameOf, StringComparer.Ordinal).Select(Value),
            .. host["oneOf"]!.AsArray().Select(answer => answer!.DeepClone()),
        ];
        foreach ((string name, JsonNode? definition) in host["$defs"]!.AsObject())
        {
            definitions.Add(name, definition!.DeepClone());
        }

        return new()
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = "lockleak-1.schema.json",
            ["title"] = "lockleak/1",
            ["description"] = "What the commands of LockLeak write with -json: one object on one line. " +
                "More properties may come; those that are here stay.",
            ["oneOf"] = new JsonArray(answers),
            ["$defs"] = new JsonObject(definitions),
        };
    }

    /// <summary>What the values of a type look like; null is for who has them to say.</summary>
    private JsonObject Value(Type type) => Json.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type) switch
    {
        { Type: var t } when t == typeof(ulong) || t.IsAssignableTo(typeof(IKernelAddress)) => Reference("address", () => new()
        {
            ["description"] = "An address or a raw 64-bit value.",
            ["type"] = "string",
            ["pattern"] = "^0x[0-9a-f]{16}$",
        }),
        { Type: var t } info when t == typeof(LockKind) => Reference("lockKind", () => new()
        {
            ["description"] = "What kind of lock it is; unknown when its memory and its waiters do not say so.",
            ["enum"] = Words(info, [.. LockKinds.All, LockKinds.AlpcMessage, LockKind.Unknown]),
        }),
        { Type: var t } info when t == typeof(FindingKind) => new() { ["enum"] = Words(info, Finders.All.Select(finder => finder.Kind)) },
        { Type.IsEnum: true } info => new() { ["enum"] = Words(info, Enum.GetValues(info.Type).Cast<object>()) },
        { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element } => new() { ["type"] = "array", ["items"] = Value(element) },
        { Kind: JsonTypeInfoKind.Object } info => Reference(NameOf(info.Type), () => Definition(info)),
        { Type: var t } when t == typeof(bool) => new() { ["type"] = "boolean" },
        { Type: var t } when t == typeof(long) => new() { ["type"] = "integer" },
        { Type: var t } when t == typeof(string) || t == typeof(Sentence) => new() { ["type"] = "string" },
        { Type: var t } => throw new NotSupportedException($"No schema for {t}."),
    };

    /// <summary>A reference to a definition, which is made at the first one.</summary>
    private JsonObject Reference(string name, Func<JsonObject> definition)
    {
        if (definitions.TryAdd(name, null))
        {
            definitions[name] = definition();
        }

        return new() { ["$ref"] = $"#/$defs/{name}" };
    }

    private JsonObject Definition(JsonTypeInfo type)
    {
        JsonPropertyInfo[] written = [.. type.Properties.Where(property => property.Get is not null)];
        var properties = new JsonObject(
            written.Select(property => KeyValuePair.Create(property.Name, (JsonNode?)Property(NameOf(type.Type), property))));
        foreach ((string name, JsonNode? added) in IsReport(type.Type) ? host["properties"]!.AsObject() : [])
        {
            properties.Add(name, added!.DeepClone());
        }

        return new()
        {
            ["description"] = comments.Of(type.Type),
            ["type"] = "object",
            ["required"] = new JsonArray([.. written.Where(IsRequired).Select(property => (JsonNode)property.Name)]),
            ["properties"] = properties,
        };
    }

    private JsonObject Property(string definition, JsonPropertyInfo property)
    {
        JsonObject value = Value(property.PropertyType);
        foreach ((string keyword, JsonNode? limit) in SchemaLimits.Of(definition, property.Name))
        {
            value[keyword] = limit!.DeepClone();
        }

        if (value.ContainsKey("enum") || value.ContainsKey("const"))
        {
            value.Remove("type");
        }

        if ((string?)value["type"] == "integer" && !SchemaLimits.IsSigned(property.Name))
        {
            value.TryAdd("minimum", 0);
        }

        // What is left out when it is null is never null where it is.
        JsonObject schema = IsRequired(property) && property.IsGetNullable ? OrNull(value) : value;
        schema.Insert(0, "description", comments.Of((MemberInfo)property.AttributeProvider!));
        return schema;
    }

    private static JsonObject OrNull(JsonObject value)
    {
        if (value.ContainsKey("$ref"))
        {
            return new() { ["anyOf"] = new JsonArray(value, new JsonObject { ["type"] = "null" }) };
        }

        if (value["enum"] is JsonArray words)
        {
            words.Add(null);
        }
        else
        {
            value["type"] = new JsonArray((string?)value["type"], "null");
        }

        return value;
    }

    /// <summary>The words for values, as the serializer writes them.</summary>
    private static JsonArray Words(JsonTypeInfo type, IEnumerable<object> values) =>
        [.. values.Select(value => JsonSerializer.SerializeToNode(value, type))];

    private static bool IsRequired(JsonPropertyInfo property) => property.ShouldSerialize is null;

    private static bool IsReport(Type type) => type.BaseType == typeof(Report);

    /// <summary>The name of a type's definition: of an answer that of its command.</summary>
    private static string NameOf(Type type)
    {
        string name = type.Name.Replace("Report", "", StringComparison.Ordinal);
        return IsReport(type) ? name.ToLowerInvariant() : JsonNamingPolicy.CamelCase.ConvertName(name);
    }
}
