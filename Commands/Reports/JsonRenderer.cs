using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LockLeak.Kernel;

namespace LockLeak.Reports;

/// <summary>Renders a report as JSON of the schema "lockleak/1": one object on one line.</summary>
public static class JsonRenderer
{
    // The default escapes quotes, '+' and back-ticks for the sake of web pages; here people read it too.
    private static readonly ReportJson Json = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new AddressConverter() },
    });

    /// <summary>The JSON text with a line feed behind it.</summary>
    public static string Render(Report report) => report switch
    {
        LockLeakReport lockLeak => JsonSerializer.Serialize(lockLeak, Json.LockLeakReport),
        ThreadLocksReport threadLocks => JsonSerializer.Serialize(threadLocks, Json.ThreadLocksReport),
        PushLockReport pushLock => JsonSerializer.Serialize(pushLock, Json.PushLockReport),
        _ => throw new ArgumentException($"No JSON for {report.GetType().Name}.", nameof(report)),
    } + "\n";

    /// <summary>Addresses and raw values are strings: JavaScript's numbers lose their lowest bits.</summary>
    private sealed class AddressConverter : JsonConverter<ulong>
    {
        public override ulong Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Reports are only written.");

        public override void Write(Utf8JsonWriter writer, ulong value, JsonSerializerOptions options) => writer.WriteStringValue(Address.Json(value));
    }
}

/// <summary>Serializers made at build time: NativeAOT has no reflection to make them at run time.</summary>
[JsonSerializable(typeof(LockLeakReport))]
[JsonSerializable(typeof(ThreadLocksReport))]
[JsonSerializable(typeof(PushLockReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
