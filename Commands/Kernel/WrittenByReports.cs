using System.Text.Json;
using System.Text.Json.Serialization;

namespace LockLeak.Kernel;

/// <summary>
/// Stands at a type that is one word in JSON, which reports bring their own converter for. Without it the serializers that are made at
/// build time would have one of their own for each such type beside it: 60 KB that nothing calls.
/// </summary>
internal sealed class WrittenByReports : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => true;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException($"{typeToConvert} has no converter among those of the reports.");
}
