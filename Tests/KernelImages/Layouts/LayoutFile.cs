using System.Text.Json;
using System.Text.Json.Serialization;

namespace KernelImages.Layouts;

/// <summary>A layout file as it is written ("kernel-layout/1", see README.md beside the files).</summary>
public sealed record LayoutFile
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public required string Build { get; init; }
    public required string Revision { get; init; }
    public required string Source { get; init; }
    public required LayoutMetadata Metadata { get; init; }
    public required Dictionary<string, LayoutBaseType> BaseTypes { get; init; }
    public required Dictionary<string, LayoutEnum> Enums { get; init; }
    public required Dictionary<string, LayoutStruct> UserTypes { get; init; }
    public required Dictionary<string, LayoutSymbol> Symbols { get; init; }

    /// <summary>True for a Windows build that does not exist: such layouts say so at the start of their source.</summary>
    [JsonIgnore]
    public bool IsMadeUp => Source.StartsWith("MADE UP", StringComparison.Ordinal);

    public static LayoutFile Parse(Stream json) =>
        JsonSerializer.Deserialize<LayoutFile>(json, Json) ?? throw new InvalidDataException("The layout file is empty.");
}

public sealed record LayoutMetadata(LayoutWindows Windows);

public sealed record LayoutWindows(LayoutPdb Pdb);

public sealed record LayoutPdb([property: JsonPropertyName("GUID")] string Signature, int Age);

public sealed record LayoutBaseType(int Size);

public sealed record LayoutEnum(int Size, string Base, Dictionary<string, long> Constants);

public sealed record LayoutStruct(string Kind, int Size, Dictionary<string, LayoutField> Fields);

public sealed record LayoutField(int Offset, LayoutType Type);

/// <summary>A public symbol.</summary>
/// <param name="Address">Bytes from the image's base.</param>
/// <param name="Size">Bytes to the next public symbol of the real kernel.</param>
/// <param name="Code">A function, not a variable.</param>
public sealed record LayoutSymbol(uint Address, uint Size, bool Code);

/// <summary>A type in the encoding of Volatility 3: which members are set depends on <paramref name="Kind"/>.</summary>
/// <param name="Kind">base, pointer, array, bitfield, struct, union, class, enum or function.</param>
/// <param name="Name">Of a base type, structure, union or enumeration.</param>
/// <param name="Subtype">What a pointer points to, or the element of an array.</param>
/// <param name="Count">Elements of an array.</param>
/// <param name="BitPosition">First bit of a bit field in its storage unit.</param>
/// <param name="BitLength">Bits of a bit field.</param>
/// <param name="Type">Storage unit of a bit field.</param>
public sealed record LayoutType(
    string Kind, string? Name = null, LayoutType? Subtype = null, int Count = 0, int BitPosition = 0, int BitLength = 0,
    LayoutType? Type = null);
