namespace LockLeak.Build.Tests.House;

/// <summary>The arrows between the rooms of Commands run one way, as docs/design.md says.</summary>
[TestClass]
public sealed class RoomsTests
{
    private static readonly string[] Rooms = File.ReadLines(Repository.Path("docs/design.md"))
        .Single(line => line.StartsWith("Scripting → ", StringComparison.Ordinal)).Split(" → ");

    private static readonly IReadOnlyCollection<CompiledType> Types = CompiledType.Read(ProjectOutput.Path("Commands", "LockLeak.Commands"));

    [TestMethod]
    public void ARoomUsesOnlyRoomsToItsRight()
    {
        IEnumerable<string> wrong =
            from type in Types
            let room = Array.IndexOf(Rooms, RoomOf(type))
            where room >= 0
            from used in type.Uses
            where RoomOf(used) is { } other && Array.IndexOf(Rooms, other) < room
            select $"{type} uses {used}";

        Assert.AreEqual("", string.Join('\n', wrong));
    }

    [TestMethod]
    public void EveryRoomHasItsPlace()
    {
        string[] there = [.. Types.Select(RoomOf).OfType<string>().Distinct().Order()];

        CollectionAssert.AreEqual(Rooms.Order().ToArray(), there);
    }

    /// <summary>What is public is what the extension and the host need; all else can change without them.</summary>
    [TestMethod]
    public void TheDoorIsNarrow() => Assert.IsLessThanOrEqualTo(30, Types.Count(type => type.IsPublic));

    /// <summary>The first part of a type's namespace behind LockLeak; null for what a compiler adds.</summary>
    private static string? RoomOf(CompiledType type) => type.Namespace.Split('.') switch
    {
        ["LockLeak"] => "commands",
        ["LockLeak", var room, ..] => room,
        _ => null,
    };
}
