using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using LockLeak.DbgEng;

namespace LockLeak.Engine.Tests;

/// <summary>Our declarations are those of the vendor's dbgeng.h: one slot too many or too few calls another method.</summary>
[TestClass]
public sealed partial class HeaderTests
{
    private static readonly string Header = Read("dbgeng.h"), SymbolsHeader = Read("dbghelp.h");

    // The data model has a header of its own, dbgmodel.h, and tests of its own.
    private static IEnumerable<Type> Declared =>
        typeof(IDebugClient5).Assembly.GetTypes().Where(type => type.Namespace == typeof(IDebugClient5).Namespace);

    public static IEnumerable<object[]> Interfaces =>
        Declared.Where(type => type is { IsInterface: true, IsPublic: true }).Select(type => new object[] { type });

    public static IEnumerable<object[]> Enums =>
        Declared.Where(type => type is { IsEnum: true, IsPublic: true }).Select(type => new object[] { type });

    [TestMethod]
    [DynamicData(nameof(Interfaces))]
    public void SlotsAndIdentifierAreTheHeaders(Type type)
    {
        string[] slots = [.. type.GetInterfaces().Append(type).SelectMany(each => each.GetMethods())
            .Select(method => method.Name.TrimStart('_')).Distinct()];
        string body = Regex.Match(Header, $@"DECLARE_INTERFACE_\({type.Name}, IUnknown\)(.*?)\n}};", RegexOptions.Singleline)
            .Groups[1].Value;
        string[] inHeader = [.. Method().Matches(body).Select(match => match.Groups[1].Value)
            .Except(["QueryInterface", "AddRef", "Release"]).Take(slots.Length)];
        CollectionAssert.AreEqual(inHeader, slots);
        StringAssert.Matches(Header, new Regex($@"/\* {type.GUID} \*/\s*DEFINE_GUID\(IID_{type.Name},"));
    }

    [TestMethod]
    [DynamicData(nameof(Enums))]
    public void ConstantsAreTheHeaders(Type type)
    {
        // Two enumerations of ours are parts of one family of names there.
        string prefix = type.Name.Replace("_PROCESSOR", "", StringComparison.Ordinal).Replace("_TYPE", "", StringComparison.Ordinal);
        foreach (object member in Enum.GetValuesAsUnderlyingType(type))
        {
            Match define = Regex.Match(type == typeof(SYMOPT) ? SymbolsHeader : Header,
                $@"#define {prefix}_{Enum.GetName(type, member)}\s+(?:0x(?<hex>[0-9a-fA-F]+)|(?<decimal>\d+))");
            Assert.IsTrue(define.Success, $"{prefix}_{Enum.GetName(type, member)}");
            uint value = define.Groups["hex"] is { Success: true } hex
                ? uint.Parse(hex.Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                : uint.Parse(define.Groups["decimal"].Value, CultureInfo.InvariantCulture);
            Assert.AreEqual(value, Convert.ToUInt32(member, CultureInfo.InvariantCulture), define.Value);
        }
    }

    private static string Read(string name) =>
        File.ReadAllText(typeof(HeaderTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == name)
            .Value!);

    [GeneratedRegex(@"STDMETHODV?(?:_\(\w+,\s*|\()(\w+)\)")]
    private static partial Regex Method();
}
