using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using LockLeak.Code;
using LockLeak.Findings;
using LockLeak.Kernel;
using LockLeak.Locks;

namespace LockLeak.Reports;

/// <summary>Renders a report as JSON of the schema "lockleak/1": one object on one line.</summary>
internal static class JsonRenderer
{
    /// <summary>How reports become JSON; what describes the schema and the keys of other views uses it too.</summary>
    /// <remarks>Everything beyond ASCII is escaped, so that no code page on the way can spoil it.</remarks>
    internal static ReportJson Json { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = new AsciiEncoder(),
        Converters =
        {
            new RawValueConverter(), new WordConverter<ThreadAddress>(Text), new WordConverter<ProcessAddress>(Text),
            new WordConverter<LockAddress>(Text),
            new WordConverter<EntryAddress>(Text), new WordConverter<LockKind>(kind => kind.Name),
            new WordConverter<FindingKind>(kind => kind.Name),
            new WordConverter<Sentence>(sentence => sentence.ToString()), new WordConverter<Certainty>(Words.Of),
            new WordConverter<LockRelation>(Words.Of),
            new WordConverter<FoundBy>(Words.Of), new WordConverter<LockMode>(Words.Of), new WordConverter<SiteVerdict>(Words.Of),
        },
    });

    /// <summary>The JSON text with a line feed behind it.</summary>
    public static string Render(Report report)
    {
        var text = new StringBuilder();
        Write(report, piece => text.Append(piece));
        return text.ToString();
    }

    /// <summary>Writes the same piece by piece, as it is made.</summary>
    /// <param name="report">The answer.</param>
    /// <param name="write">Takes a piece.</param>
    public static void Write(Report report, Action<string> write)
    {
        using (var writer = new Utf8JsonWriter(new TextPieces(write), new JsonWriterOptions { Encoder = Json.Options.Encoder }))
        {
            JsonSerializer.Serialize(writer, report, Json.Options.GetTypeInfo(report.GetType()));
        }

        write("\n");
    }

    private static string Text<T>(T address)
        where T : IKernelAddress => Address.Json(address.Value);

    /// <summary>Addresses and raw values are strings: JavaScript's numbers lose their lowest bits.</summary>
    private sealed class RawValueConverter : JsonConverter<ulong>
    {
        public override ulong Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Reports are only written.");

        public override void Write(Utf8JsonWriter writer, ulong value, JsonSerializerOptions options) =>
            writer.WriteStringValue(Address.Json(value));
    }

    /// <summary>Values that are one word or one sentence.</summary>
    private sealed class WordConverter<T>(Func<T, string> word) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Reports are only written.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(word(value));
    }
}

/// <summary>Serializers made at build time: NativeAOT has no reflection to make them at run time.</summary>
/// <remarks>Of the two kinds only that of metadata obeys the converters above; the other one would lie in the DLL unused.</remarks>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(LockLeakReport))]
[JsonSerializable(typeof(ThreadLocksReport))]
[JsonSerializable(typeof(PushLockReport))]
[JsonSerializable(typeof(LockUse))]
internal sealed partial class ReportJson : JsonSerializerContext;
