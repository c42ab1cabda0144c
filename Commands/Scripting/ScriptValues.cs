namespace LockLeak.Scripting;

/// <summary>An address and what lies there.</summary>
/// <param name="Type">The kernel's structure, such as "_ETHREAD"; null when its symbols have none.</param>
/// <param name="Address">The address; 0 for none.</param>
public sealed record ScriptPointer(string? Type, ulong Address);

/// <summary>A list.</summary>
/// <param name="Line">What is in it, in one line: "2 threads".</param>
/// <param name="Items">Its values.</param>
public sealed record ScriptList(string Line, IReadOnlyList<object> Items);
