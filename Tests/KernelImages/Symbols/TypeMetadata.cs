using System.Globalization;
using System.Text;
using LockLeak.Layouts;

namespace KernelImages.Symbols;

/// <summary>
/// A layout's types as debug metadata of an LLVM IR module. IR states every member's offset, so that any layout can be
/// written as it is, with no compiler's packing rules in between.
/// </summary>
internal sealed class TypeMetadata
{
    /// <summary>Names that CodeView has basic types for, by the layout's names.</summary>
    private static readonly Dictionary<string, (string Name, int Bits, string Encoding)> BasicTypes = new()
    {
        ["char"] = ("char", 8, "DW_ATE_signed_char"),
        ["unsigned char"] = ("unsigned char", 8, "DW_ATE_unsigned_char"),
        ["short"] = ("short", 16, "DW_ATE_signed"),
        ["unsigned short"] = ("unsigned short", 16, "DW_ATE_unsigned"),
        ["int"] = ("int", 32, "DW_ATE_signed"),
        ["long"] = ("long", 32, "DW_ATE_signed"),
        ["unsigned long"] = ("unsigned long", 32, "DW_ATE_unsigned"),
        ["long long"] = ("long long", 64, "DW_ATE_signed"),
        ["unsigned long long"] = ("unsigned long long", 64, "DW_ATE_unsigned"),
        ["wchar"] = ("wchar_t", 16, "DW_ATE_unsigned"),
        ["double"] = ("double", 64, "DW_ATE_float"),
    };

    /// <summary>The nodes before this one are the module's own.</summary>
    private const int FirstNode = 10;

    private readonly KernelTypes _types;
    private readonly List<string> _nodes = [];
    private readonly Dictionary<string, string> _known = [];
    private int _next = FirstNode;

    private TypeMetadata(KernelTypes types) => _types = types;

    /// <summary>The text of an IR module that holds all structures and enumerations of a build and nothing else.</summary>
    /// <param name="types">The build.</param>
    /// <param name="source">Name of the source file that the types claim to come from.</param>
    public static string Module(KernelTypes types, string source)
    {
        TypeMetadata metadata = new(types);
        List<string> kept = [];
        foreach (string name in types.File.UserTypes.Keys.Order(StringComparer.Ordinal)) kept.Add(metadata.Structure(name));
        foreach (string name in types.File.Enums.Keys.Order(StringComparer.Ordinal))
        {
            kept.Add(metadata.TypeOf(new LayoutType("enum", name)));
        }
        return $$"""
            target triple = "x86_64-pc-windows-msvc"
            !llvm.dbg.cu = !{!1}
            !llvm.module.flags = !{!3, !4}
            !1 = distinct !DICompileUnit(language: DW_LANG_C99, file: !2, producer: "KernelImages", isOptimized: true, emissionKind: FullDebug, retainedTypes: !5)
            !2 = !DIFile(filename: {{Quote(source)}}, directory: "d:\5Ckernel")
            !3 = !{i32 2, !"CodeView", i32 1}
            !4 = !{i32 2, !"Debug Info Version", i32 3}
            !5 = !{ {{string.Join(", ", kept)}} }
            {{string.Join('\n', metadata._nodes)}}

            """;
    }

    private string TypeOf(LayoutType type)
    {
        string key = type.ToString();
        if (_known.TryGetValue(key, out string? known)) return known;
        return _known[key] = type.Kind switch
        {
            "base" when type.Name == "void" => "null",
            "base" => Basic(type.Name!),
            "pointer" => Add($"!DIDerivedType(tag: DW_TAG_pointer_type, baseType: {TypeOf(type.Subtype!)}, size: 64)"),
            "array" => Array(type),
            "function" => Add($"!DISubroutineType(types: {Add("!{null}")})"),
            "enum" when _types.File.Enums.TryGetValue(type.Name!, out LayoutEnum? found) => Enumeration(type.Name!, found),
            "enum" => Declaration("DW_TAG_enumeration_type", type.Name!),
            _ when _types.File.UserTypes.ContainsKey(type.Name!) => Reserve(type.Name!),
            _ => Declaration(TagOf(type.Kind), type.Name!),
        };
    }

    private string Basic(string name)
    {
        (string codeView, int bits, string encoding) = BasicTypes[name];
        return Add($"!DIBasicType(name: {Quote(codeView)}, size: {bits}, encoding: {encoding})");
    }

    private string Array(LayoutType type)
    {
        string count = Add($"!{{{Add($"!DISubrange(count: {type.Count})")}}}");
        return Add($"!DICompositeType(tag: DW_TAG_array_type, baseType: {TypeOf(type.Subtype!)}, size: {_types.SizeOf(type) * 8}, " +
            $"elements: {count})");
    }

    /// <summary>
    /// Negative constants are left out: the IR parser keeps no more than their lowest bits. The layouts have a single
    /// one, LoadReasonUnknown of the user-mode loader.
    /// </summary>
    private string Enumeration(string name, LayoutEnum values)
    {
        var inOrder = values.Constants.Where(constant => constant.Value >= 0).OrderBy(constant => constant.Value)
            .ThenBy(constant => constant.Key, StringComparer.Ordinal);
        List<string> constants =
            [.. inOrder.Select(constant => Add($"!DIEnumerator(name: {Quote(constant.Key)}, value: {constant.Value})"))];
        string elements = Add($"!{{{string.Join(", ", constants)}}}");
        return Add($"distinct !DICompositeType(tag: DW_TAG_enumeration_type, name: {Quote(name)}, file: !2, line: 1, "
            + $"baseType: {Basic("int")}, size: {values.Size * 8}, elements: {elements})");
    }

    private string Declaration(string tag, string name) =>
        Add($"distinct !DICompositeType(tag: {tag}, name: {Quote(name)}, file: !2, flags: DIFlagFwdDecl)");

    private string Structure(string name)
    {
        LayoutStruct structure = _types.File.UserTypes[name];
        string self = Reserve(name);
        List<string> members = [.. InOrder(structure).Select(field => Member(self, field.Key, field.Value))];
        string elements = Add($"!{{{string.Join(", ", members)}}}");
        _nodes.Add($"{self} = distinct !DICompositeType(tag: {TagOf(structure.Kind)}, name: {Quote(name)}, file: !2, line: 1, "
            + $"size: {structure.Size * 8}, elements: {elements})");
        return self;
    }

    /// <summary>By offset; at one offset plain members before bit fields, larger ones first.</summary>
    private IEnumerable<KeyValuePair<string, LayoutField>> InOrder(LayoutStruct structure) =>
        structure.Fields.OrderBy(field => field.Value.Offset)
            .ThenBy(field => field.Value.Type.Kind == "bitfield")
            .ThenBy(field => field.Value.Type.BitPosition)
            .ThenByDescending(field => _types.SizeOf(field.Value.Type))
            .ThenBy(field => field.Key, StringComparer.Ordinal);

    private string Member(string scope, string name, LayoutField field)
    {
        int offset = field.Offset * 8;
        string place = field.Type is { Kind: "bitfield", Type: { } unit } bits
            ? $"baseType: {TypeOf(unit)}, size: {bits.BitLength}, offset: {offset + bits.BitPosition}, flags: DIFlagBitField, " +
            $"extraData: i64 {offset}"
            : $"baseType: {TypeOf(field.Type)}, size: {_types.SizeOf(field.Type) * 8}, offset: {offset}";
        return Add($"!DIDerivedType(tag: DW_TAG_member, name: {Quote(name)}, scope: {scope}, file: !2, line: 1, {place})");
    }

    /// <summary>The node of a structure, whose text may come later: structures point to each other.</summary>
    private string Reserve(string name)
    {
        string key = "structure " + name;
        if (!_known.TryGetValue(key, out string? node)) _known[key] = node = NextNode();
        return node;
    }

    private string Add(string text)
    {
        string node = NextNode();
        _nodes.Add($"{node} = {text}");
        return node;
    }

    private string NextNode() => string.Create(CultureInfo.InvariantCulture, $"!{_next++}");

    private static string TagOf(string kind) => kind == "union" ? "DW_TAG_union_type" : "DW_TAG_structure_type";

    private static string Quote(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (char c in text)
            quoted.Append(char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ' ' or ':' ? c.ToString() : $"\\{(int)c:X2}");
        return quoted.Append('"').ToString();
    }
}
