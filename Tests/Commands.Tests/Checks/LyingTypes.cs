using LockLeak.Target;

namespace LockLeak.Tests.Checks;

/// <summary>Types that say of one field that it lies somewhere else.</summary>
/// <param name="types">The right ones.</param>
/// <param name="type">The structure.</param>
/// <param name="path">The field.</param>
/// <param name="shift">How many bytes behind its place.</param>
internal sealed class LyingTypes(ITypes types, string type, string path, int shift) : ITypes
{
    public int? SizeOf(string name) => types.SizeOf(name) + (name == type && path.Length == 0 ? shift : 0);

    public TypeField? Field(string name, string field) =>
        types.Field(name, field) is not { } right
        ? null : name == type && field == path ? right with { Offset = right.Offset + shift } : right;

    public string? EnumName(string name, long value) => types.EnumName(name, value);
}
