using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace LockLeak.Engine.Tests;

/// <summary>Lines of sources, which the engine's symbols have and those in memory have not.</summary>
internal static partial class Sources
{
    /// <summary>A text without them; columns that they widened are as wide as they would be otherwise, or two spaces apart.</summary>
    public static string LeftOut(string text) => Gap().Replace(Line().Replace(text, ""), "  ");

    /// <summary>Takes them out of a report.</summary>
    public static void LeaveOut(JsonNode report)
    {
        var left = new Stack<JsonNode>([report]);
        while (left.TryPop(out JsonNode? node))
        {
            if (node is JsonObject record)
            {
                if (record.ContainsKey("source"))
                {
                    record["source"] = null;
                }

                foreach ((string name, JsonNode? value) in record.ToList())
                {
                    if (value is JsonValue && value.GetValueKind() == JsonValueKind.String)
                    {
                        record[name] = Line().Replace(value.GetValue<string>(), "");
                    }
                    else if (value is not null)
                    {
                        left.Push(value);
                    }
                }
            }
            else if (node is JsonArray array)
            {
                foreach (JsonNode? value in array.Where(value => value is not null))
                {
                    left.Push(value!);
                }
            }
        }
    }

    [GeneratedRegex(@" \[TestDriver\.c:\d+\]")]
    private static partial Regex Line();

    [GeneratedRegex("(?<=[^ \n]) {2,}")]
    private static partial Regex Gap();
}
