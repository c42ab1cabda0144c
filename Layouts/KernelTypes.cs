using System.Collections.Concurrent;
using System.Globalization;
using LockLeak.Target;

namespace LockLeak.Layouts;

/// <summary>The types and public symbols of one Windows build's kernel, as its symbols give them to a debugger.</summary>
public sealed class KernelTypes : ITypes
{
    private static readonly ConcurrentDictionary<string, KernelTypes> Loaded = new();

    private readonly ConcurrentDictionary<(string Type, string Path), TypeField?> _fields = new();

    private KernelTypes(LayoutFile file) => File = file;

    /// <summary>The builds there are layouts of, oldest first, such as "10.0.22621".</summary>
    public static IReadOnlyList<string> Builds { get; } =
    [
        .. typeof(KernelTypes).Assembly.GetManifestResourceNames()
            .Select(name => Path.GetFileNameWithoutExtension(name))
            .OrderBy(Version.Parse),
    ];

    /// <summary>The layout as it was read.</summary>
    public LayoutFile File { get; }

    /// <summary>Major, minor, build and revision, such as 10.0.22621.382.</summary>
    public Version Version => Version.Parse(File.Revision);

    /// <summary>The build number, such as 22621.</summary>
    public uint Build => (uint)Version.Build;

    /// <summary>Public symbols by name, with addresses relative to the kernel's base.</summary>
    public IReadOnlyDictionary<string, LayoutSymbol> Symbols => File.Symbols;

    /// <summary>Loads the layout of a build.</summary>
    /// <param name="build">"10.0.22621", or its build number alone.</param>
    public static KernelTypes Load(string build)
    {
        string full = Builds.SingleOrDefault(name => name == build || name.EndsWith("." + build, StringComparison.Ordinal))
            ?? throw new ArgumentException($"No layout of build {build}. There are: {string.Join(" ", Builds)}.");
        return Loaded.GetOrAdd(full, name =>
        {
            using Stream json = typeof(KernelTypes).Assembly.GetManifestResourceStream($"{name}.json")!;
            return new KernelTypes(LayoutFile.Parse(json));
        });
    }

    /// <inheritdoc cref="Load(string)"/>
    public static KernelTypes Load(uint build) => Load(build.ToString(CultureInfo.InvariantCulture));

    /// <inheritdoc/>
    public int? SizeOf(string type) =>
        File.UserTypes.TryGetValue(type, out LayoutStruct? found) ? found.Size
        : File.Enums.TryGetValue(type, out LayoutEnum? values) ? values.Size
        : null;

    /// <summary>The size of a structure that every build has.</summary>
    public int RequiredSizeOf(string type) => SizeOf(type) ?? throw new KeyNotFoundException($"{File.Build} has no {type}.");

    /// <inheritdoc/>
    public TypeField? Field(string type, string path) => _fields.GetOrAdd((type, path), key => FindField(key.Type, key.Path));

    /// <summary>The offset of a field that every build has.</summary>
    public uint OffsetOf(string type, string path) =>
        (uint)(Field(type, path) ?? throw new KeyNotFoundException($"{File.Build} has no {type}.{path}.")).Offset;

    /// <inheritdoc/>
    public string? EnumName(string type, long value) =>
        File.Enums.TryGetValue(type, out LayoutEnum? found)
            ? found.Constants.FirstOrDefault(constant => constant.Value == value).Key : null;

    /// <summary>The value of an enumeration's constant.</summary>
    public long EnumValue(string type, string name) => File.Enums[type].Constants[name];

    /// <summary>Bytes of a type as the layout writes it.</summary>
    public int SizeOf(LayoutType type) => type.Kind switch
    {
        "pointer" => 8,
        "array" => type.Count * SizeOf(type.Subtype!),
        "bitfield" => SizeOf(type.Type!),
        "function" => 0,
        "base" => File.BaseTypes[type.Name!].Size,
        "enum" => File.Enums.TryGetValue(type.Name!, out LayoutEnum? found) ? found.Size : 4,
        _ => File.UserTypes.TryGetValue(type.Name!, out LayoutStruct? found) ? found.Size : 0,
    };

    private TypeField? FindField(string type, string path)
    {
        LayoutType current = new("struct", type);
        int offset = 0;
        foreach (string part in path.Replace("[", ".[", StringComparison.Ordinal).Split('.'))
        {
            if (part.StartsWith('['))
            {
                if (current.Kind != "array") return null;
                current = current.Subtype!;
                offset += SizeOf(current) * int.Parse(part[1..^1], CultureInfo.InvariantCulture);
                continue;
            }
            if (current.Name is null || !File.UserTypes.TryGetValue(current.Name, out LayoutStruct? structure)) return null;
            if (!structure.Fields.TryGetValue(part, out LayoutField? field)) return null;
            offset += field.Offset;
            current = field.Type;
        }
        return new TypeField(offset, SizeOf(current), current.BitPosition, current.BitLength, current.Kind == "pointer");
    }
}
