using System.Text.Json;
using System.Text.Json.Serialization;

namespace LockLeak.Layouts;

/// <summary>A layout file as it is written ("kernel-layout/1", see README.md beside the files).</summary>
public sealed record LayoutFile
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The Windows build, such as 10.0.22621.</summary>
    public required string Build { get; init; }

    /// <summary>The revision of it that was looked at, such as 10.0.22621.382.</summary>
    public required string Revision { get; init; }

    /// <summary>Where types and symbols come from, in words.</summary>
    public required string Source { get; init; }

    /// <summary>What the symbols say of themselves.</summary>
    public required LayoutMetadata Metadata { get; init; }

    /// <summary>Integers and the like by name.</summary>
    public required Dictionary<string, LayoutBaseType> BaseTypes { get; init; }

    /// <summary>Enumerations by name.</summary>
    public required Dictionary<string, LayoutEnum> Enums { get; init; }

    /// <summary>Structures and unions by name.</summary>
    public required Dictionary<string, LayoutStruct> UserTypes { get; init; }

    /// <summary>Public symbols by name.</summary>
    public required Dictionary<string, LayoutSymbol> Symbols { get; init; }

    /// <summary>True for a Windows build that does not exist: such layouts say so at the start of their source.</summary>
    [JsonIgnore]
    public bool IsMadeUp => Source.StartsWith("MADE UP", StringComparison.Ordinal);

    /// <summary>Reads a file.</summary>
    public static LayoutFile Parse(Stream json) =>
        JsonSerializer.Deserialize<LayoutFile>(json, Json) ?? throw new InvalidDataException("The layout file is empty.");
}

/// <summary>What the symbols say of themselves.</summary>
/// <param name="Windows">The part for kernels of Windows.</param>
public sealed record LayoutMetadata(LayoutWindows Windows);

/// <summary>The same for kernels of Windows.</summary>
/// <param name="Pdb">The PDB.</param>
public sealed record LayoutWindows(LayoutPdb Pdb);

/// <summary>What an image names its PDB by.</summary>
/// <param name="Signature">A GUID without punctuation.</param>
/// <param name="Age">How often it was written.</param>
public sealed record LayoutPdb([property: JsonPropertyName("GUID")] string Signature, int Age);

/// <summary>An integer or the like.</summary>
/// <param name="Size">Bytes.</param>
public sealed record LayoutBaseType(int Size);

/// <summary>An enumeration.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Base">The base type that it is kept in.</param>
/// <param name="Constants">Its values by name.</param>
public sealed record LayoutEnum(int Size, string Base, Dictionary<string, long> Constants);

/// <summary>A structure or union.</summary>
/// <param name="Kind">struct or union.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Fields">Its fields by name.</param>
public sealed record LayoutStruct(string Kind, int Size, Dictionary<string, LayoutField> Fields);

/// <summary>A field.</summary>
/// <param name="Offset">Bytes from the start of the structure.</param>
/// <param name="Type">Its type.</param>
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
