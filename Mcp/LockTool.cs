using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LockLeak.Mcp;

/// <summary>A tool that reads and changes nothing, and whose arguments are strings.</summary>
internal abstract class LockTool : McpServerTool
{
    /// <summary>Makes one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it answers.</param>
    /// <param name="parameters">Its arguments.</param>
    protected LockTool(string name, string description, params IEnumerable<Parameter> parameters) => ProtocolTool = new Tool
    {
        Name = name,
        Description = description,
        InputSchema = Schema(parameters),
        Annotations = new ToolAnnotations { ReadOnlyHint = true, DestructiveHint = false, IdempotentHint = true, OpenWorldHint = false },
    };

    public override Tool ProtocolTool { get; }

    public override IReadOnlyList<object> Metadata => [];

    public override async ValueTask<CallToolResult> InvokeAsync(
        RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default)
    {
        (string text, bool isError) = await AnswerAsync(name => Text(request, name), cancellationToken);
        return new CallToolResult { Content = [new TextContentBlock { Text = text }], IsError = isError };
    }

    /// <summary>Answers.</summary>
    /// <param name="argument">Gives the argument with a name; null when it is missing.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The text, and whether it says why there is no answer.</returns>
    protected abstract Task<(string Text, bool IsError)> AnswerAsync(Func<string, string?> argument, CancellationToken cancellation);

    private static string? Text(RequestContext<CallToolRequestParams> request, string name) =>
        request.Params?.Arguments?.TryGetValue(name, out JsonElement value) == true && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static JsonElement Schema(IEnumerable<Parameter> parameters)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("type", "object");
            json.WriteStartObject("properties");
            foreach (Parameter parameter in parameters)
            {
                json.WriteStartObject(parameter.Name);
                json.WriteString("type", "string");
                json.WriteString("description", parameter.Description);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteStartArray("required");
            foreach (Parameter parameter in parameters.Where(parameter => parameter.IsRequired))
            {
                json.WriteStringValue(parameter.Name);
            }

            json.WriteEndArray();
            json.WriteBoolean("additionalProperties", false);
            json.WriteEndObject();
        }

        return JsonElement.Parse(bytes.ToArray());
    }

    /// <summary>An argument.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Description">What it says.</param>
    /// <param name="IsRequired">It has to be there.</param>
    protected sealed record Parameter(string Name, string Description, bool IsRequired = true);
}
