using System.Globalization;
using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>The types of one Windows build as they come with LockLeak, for kernels without symbols.</summary>
/// <remarks>
/// One generated data file for each build (Kernel/BuiltIn, docs/windows-versions.md): inside a build the offsets that
/// matter are the same in every revision, checked over 213 symbol files. A line is "sizeof TYPE SIZE" or
/// "TYPE.FIELD OFFSET SIZE [pointer] [BITPOSITION BITLENGTH]".
/// </remarks>
public sealed class BuiltInTypes : ITypes
{
    private const string Prefix = "BuiltIn.";

    private readonly Dictionary<string, int> sizes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TypeField> fields = new(StringComparer.Ordinal);

    private BuiltInTypes(TextReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is ["sizeof", var type, var size])
            {
                sizes.Add(type, Number(size));
            }
            else if (words is [var name, var offset, var width, .. var rest] && name != "#")
            {
                bool isPointer = rest is ["pointer", ..];
                (int position, int length) = rest is [var first, var count] && !isPointer ? (Number(first), Number(count)) : (0, 0);
                fields.Add(name, new TypeField(Number(offset), Number(width), position, length, isPointer));
            }
        }
    }

    /// <summary>The builds that there are, in ascending order.</summary>
    public static IReadOnlyList<uint> Builds { get; } =
    [
        .. typeof(BuiltInTypes).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => uint.Parse(name[Prefix.Length..], CultureInfo.InvariantCulture))
            .Order(),
    ];

    /// <summary>The types of a build out of <see cref="Builds"/>.</summary>
    public static BuiltInTypes Load(uint build)
    {
        using Stream stream = typeof(BuiltInTypes).Assembly.GetManifestResourceStream(Prefix + build.ToString(CultureInfo.InvariantCulture))
            ?? throw new ArgumentOutOfRangeException(nameof(build));
        using var reader = new StreamReader(stream);
        return new BuiltInTypes(reader);
    }

    /// <summary>The paths of the fields of a type that are looked at.</summary>
    public IEnumerable<string> PathsOf(string type) =>
        fields.Keys.Where(name => name.StartsWith(type, StringComparison.Ordinal) && name[type.Length] == '.')
            .Select(name => name[(type.Length + 1)..]);

    /// <inheritdoc/>
    public int? SizeOf(string type) => sizes.TryGetValue(type, out int size) ? size : null;

    /// <inheritdoc/>
    public TypeField? Field(string type, string path) => fields.TryGetValue($"{type}.{path}", out TypeField field) ? field : null;

    /// <inheritdoc/>
    public string? EnumName(string type, long value) => null;

    private static int Number(string hex) =>
        int.Parse(hex.AsSpan(hex.StartsWith("0x", StringComparison.Ordinal) ? 2 : 0), NumberStyles.AllowHexSpecifier,
        CultureInfo.InvariantCulture);
}
