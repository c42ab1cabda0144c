using System.Text.Json.Nodes;
using LockLeak.Build;
using NJsonSchema;

namespace LockLeak.Tests.Reports;

/// <summary>
/// docs/lockleak-1.schema.json, closed: a property that it does not describe is an error here, while users' readers pass over it.
/// </summary>
internal static class ReportSchema
{
    private static readonly Lazy<JsonSchema> Schema = new(() => JsonSchema.FromJsonAsync(Closed().ToJsonString()).GetAwaiter().GetResult());

    /// <summary>The schema as it is published.</summary>
    public static JsonNode Published { get; } = JsonNode.Parse(File.ReadAllText(Repository.Path("docs/lockleak-1.schema.json")))!;

    /// <summary>What is wrong with a report; empty when nothing is.</summary>
    public static string Errors(string json) => string.Join('\n', Schema.Value.Validate(json));

    /// <summary>The published schema in the words of the validator, which knows "definitions" and "enum" for "$defs" and "const".</summary>
    private static JsonNode Closed()
    {
        JsonNode schema = JsonNode.Parse(Published.ToJsonString().Replace("$defs", "definitions", StringComparison.Ordinal))!;
        foreach ((string _, JsonNode? definition) in schema["definitions"]!.AsObject())
        {
            if (definition!["properties"] is not JsonObject properties)
            {
                continue;
            }

            definition["additionalProperties"] = false;
            foreach (JsonObject property in properties.Select(property => property.Value!.AsObject())
                .Where(property => property.ContainsKey("const")))
            {
                property["enum"] = new JsonArray(property["const"]!.DeepClone());
                property.Remove("const");
            }
        }

        return schema;
    }
}
