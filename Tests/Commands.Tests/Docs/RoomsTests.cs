using System.Reflection;
using System.Reflection.Emit;
using LockLeak.Build;

namespace LockLeak.Tests.Docs;

/// <summary>The arrows between the rooms of Commands run one way, as docs/design.md says.</summary>
[TestClass]
public sealed class RoomsTests
{
    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> Operations =
        typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    private static readonly string[] Rooms =
        [.. File.ReadLines(Repository.Path("docs/design.md")).Single(line => line.StartsWith("Scripting → ", StringComparison.Ordinal)).Split(" → ")];

    [TestMethod]
    public void ARoomUsesOnlyRoomsToItsRight()
    {
        IEnumerable<string> wrong =
            from type in typeof(CommandHost).Assembly.GetTypes()
            let room = Array.IndexOf(Rooms, RoomOf(type))
            where room >= 0
            from used in Uses(type)
            let other = Array.IndexOf(Rooms, RoomOf(used))
            where RoomOf(used) is not null && other < room
            select $"{type.FullName} uses {used.FullName}";

        Assert.AreEqual("", string.Join('\n', wrong.Distinct()));
    }

    [TestMethod]
    public void EveryRoomHasItsPlace()
    {
        string[] there = [.. typeof(CommandHost).Assembly.GetTypes().Select(RoomOf).OfType<string>().Distinct().Order()];

        CollectionAssert.AreEqual(Rooms.Order().ToArray(), there);
    }

    /// <summary>What is public is what the extension and the host need; all else can change without them.</summary>
    [TestMethod]
    public void TheDoorIsNarrow() => Assert.IsLessThanOrEqualTo(30, typeof(CommandHost).Assembly.GetExportedTypes().Length);

    /// <summary>The first part of a type's namespace behind LockLeak; null for what is not of Commands.</summary>
    private static string? RoomOf(Type type) =>
        type.Assembly != typeof(CommandHost).Assembly || type.Namespace?.StartsWith("LockLeak", StringComparison.Ordinal) != true ? null
        : type.Namespace.Split('.') is [_, var room, ..] ? room : "commands";

    private static IEnumerable<Type> Uses(Type type)
    {
        IEnumerable<Type?> used =
        [
            type.BaseType, .. type.GetInterfaces(), .. type.GetFields(Everything).Select(field => field.FieldType),
            .. type.GetMethods(Everything).Cast<MethodBase>().Concat(type.GetConstructors(Everything)).SelectMany(UsedBy),
        ];
        return used.OfType<Type>().SelectMany(Parts);
    }

    /// <summary>What a method takes, gives, keeps and names.</summary>
    private static IEnumerable<Type?> UsedBy(MethodBase method)
    {
        IEnumerable<Type?> signature = method.GetParameters().Select(parameter => parameter.ParameterType).Append((method as MethodInfo)?.ReturnType);
        return method.GetMethodBody() is { } body ? [.. signature, .. body.LocalVariables.Select(local => local.LocalType), .. Named(method, body.GetILAsByteArray()!)] : signature;
    }

    private static IEnumerable<Type?> Named(MethodBase method, byte[] code)
    {
        Type[] ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : [], ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : [];
        for (int at = 0; at < code.Length;)
        {
            OpCode operation = code[at] == 0xfe ? Operations[(short)(0xfe00 | code[at + 1])] : Operations[code[at]];
            at += operation.Size;
            if (operation.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                MemberInfo? member = method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, ofMethod);
                yield return member as Type ?? member?.DeclaringType;
            }

            at += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, at),
                _ => 4,
            };
        }
    }

    /// <summary>A type and what it is made of: elements of arrays, arguments of generic types.</summary>
    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? Parts(type.GetElementType()!) : type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type) : [type];
}
