using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using LockLeak.DbgEng.DataModel;

namespace LockLeak.Engine.Tests.DataModel;

/// <summary>Slots and IIDs of what is called or implemented slot by slot are those of dbgmodel.h and dbgeng.h.</summary>
[TestClass]
public sealed partial class DeclarationTests
{
    private static readonly string EngineHeader = typeof(DeclarationTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "dbgeng.h").Value!;

    private static readonly string Header =
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(EngineHeader)!, "dbgmodel.h")) + File.ReadAllText(EngineHeader);

    public static IEnumerable<object[]> Called => typeof(ComPointer).Assembly.GetTypes()
        .Where(type => type.BaseType == typeof(ComPointer) && type.GetNestedType("Slot", BindingFlags.NonPublic) is not null)
        .Select(type => new object[] { type });

    public static IEnumerable<object[]> Implemented => typeof(ComPointer).Assembly.GetTypes()
        .Where(type => type.IsInterface && type.Namespace == typeof(ComPointer).Namespace)
        .Select(type => new object[] { type });

    [TestMethod]
    [DynamicData(nameof(Called))]
    public void WhatWeCallIsInItsSlot(Type type)
    {
        List<string> slots = Slots("I" + type.Name);

        foreach (object slot in Enum.GetValues(type.GetNestedType("Slot", BindingFlags.NonPublic)!))
        {
            Assert.AreEqual(slot.ToString(), slots[Convert.ToInt32(slot)], type.Name);
        }

        if (type.GetCustomAttribute<GuidAttribute>() is { } guid)
        {
            Assert.AreEqual(Iid("I" + type.Name), new Guid(guid.Value));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Implemented))]
    public void WhatWeImplementIsComplete(Type type)
    {
        CollectionAssert.AreEqual(Slots(type.Name)[3..], type.GetMethods().Select(method => method.Name).ToList());
        Assert.AreEqual(Iid(type.Name), type.GUID);
    }

    // An interface begins with the slots of the one that it extends, of which its own declaration repeats most.
    private static List<string> Slots(string name)
    {
        if (name == "IUnknown")
        {
            return ["QueryInterface", "AddRef", "Release"];
        }

        Match declaration = Regex.Match(Header, $@"DECLARE_INTERFACE_\({name},\s*(\w+)\)\s*\{{(.*?)\n\}};", RegexOptions.Singleline);
        Assert.IsTrue(declaration.Success, name);
        List<string> slots = Slots(declaration.Groups[1].Value);
        slots.AddRange(Method().Matches(declaration.Groups[2].Value).Select(method => method.Groups[1].Value).Except(slots).ToList());
        return slots;
    }

    private static Guid Iid(string name)
    {
        Match declaration = Regex.Match(Header, $"""DECLSPEC_UUID\("([0-9A-Fa-f-]+)"\)\s*{name}\b""");
        Assert.IsTrue(declaration.Success, name);
        return new Guid(declaration.Groups[1].Value);
    }

    [GeneratedRegex(@"STDMETHOD(?:_\(\w+,\s*|\()(\w+)\)")]
    private static partial Regex Method();
}
