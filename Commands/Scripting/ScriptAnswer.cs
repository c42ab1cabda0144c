using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LockLeak.Kernel;
using LockLeak.Locks;
using LockLeak.Reports;

namespace LockLeak.Scripting;

/// <summary>
/// The answer to a question of a script. Its values are what a scripting language has: truth values, signed numbers (people
/// count with them), unsigned numbers (their bits matter), strings, pointers, lists, and records, whose values have names.
/// </summary>
public sealed class ScriptAnswer
{
    /// <summary>
    /// What scripts find in place of null; the words of the JSON and strings are empty. LINQ refuses to order and to compare
    /// what has no value, so that is only for what is rarely missing and has no value to spare.
    /// </summary>
    private static readonly Dictionary<Type, object?> Missing = new()
    {
        [typeof(bool)] = null,
        [typeof(ulong)] = null,
        [typeof(long)] = -1L,
        [typeof(ThreadAddress)] = default(ThreadAddress),
        [typeof(ProcessAddress)] = default(ProcessAddress),
        [typeof(EntryAddress)] = default(EntryAddress),
        [typeof(LockAddress)] = default(LockAddress),
    };

    private readonly Dictionary<LockAddress, LockKind> kinds;

    /// <summary>Keeps what was found.</summary>
    /// <param name="found">A record, or a list of them.</param>
    /// <param name="kinds">The kind of each lock that occurs in it; a pointer to one that is missing has no type.</param>
    internal ScriptAnswer(object found, IEnumerable<(LockAddress Lock, LockKind Kind)> kinds)
    {
        Found = found;
        this.kinds = kinds.DistinctBy(pair => pair.Lock).ToDictionary(pair => pair.Lock, pair => pair.Kind);
    }

    /// <summary>A record or a <see cref="ScriptList"/>.</summary>
    public object Found { get; }

    /// <summary>
    /// A value of a record: a bool, long, ulong, string, <see cref="ScriptPointer"/>, <see cref="ScriptList"/> or record; null for no
    /// value.
    /// </summary>
    /// <param name="record">A record of this answer.</param>
    /// <param name="key">A key of its shape.</param>
    public object? Value(object record, ScriptKey key) => Value(key.Type, key.Get(record));

    /// <summary>The same by the key's name.</summary>
    public object? Value(object record, string key) =>
        Value(record, ScriptShapes.Of(record).Keys.First(candidate => candidate.Name == key));

    private object? Value(JsonTypeInfo type, object? value) => type.Kind switch
    {
        JsonTypeInfoKind.Object => value,
        JsonTypeInfoKind.Enumerable => List(type.ElementType!, Objects(value!)),
        _ => (value ?? Missing.GetValueOrDefault(Nullable.GetUnderlyingType(type.Type) ?? type.Type, "")) is { } there
            ? Single(type, there) : null,
    };

    private ScriptList List(Type type, IEnumerable<object> values)
    {
        JsonTypeInfo element = JsonRenderer.Json.Options.GetTypeInfo(type);
        object[] items = [.. values.Select(value => Value(element, value)!)];
        return new ScriptList(items.Length == 0 ? "none" : Phrases.Count(items.Length, ScriptShapes.Word(type)), items);
    }

    /// <summary>
    /// What is in a list of a record. Each kind of value has its line; <see cref="PresentValues"/> says what the way for all of them costs.
    /// </summary>
    private static IEnumerable<object> Objects(object list)
    {
        return list switch
        {
            IEnumerable<object> objects => objects,
            IEnumerable<ThreadAddress> threads => Each(threads),
            IEnumerable<LockAddress> locks => Each(locks),
            IEnumerable<FoundBy> ways => Each(ways),
            IEnumerable<ulong> numbers => Each(numbers),
            _ => throw new ArgumentException($"No value for {list.GetType()}.", nameof(list)),
        };

        static IEnumerable<object> Each<T>(IEnumerable<T> values)
            where T : struct => values.Select(value => (object)value);
    }

    private object Single(JsonTypeInfo type, object value) => value switch
    {
        bool or long or ulong or string or ScriptPointer => value,
        ThreadAddress thread => new ScriptPointer("_ETHREAD", thread.Value),
        ProcessAddress process => new ScriptPointer("_EPROCESS", process.Value),
        EntryAddress entry => new ScriptPointer("_KLOCK_ENTRY", entry.Value),
        LockAddress address => new ScriptPointer(kinds.GetValueOrDefault(address)?.TypeName, address.Value),
        // Whatever else the JSON has a word for.
        _ => JsonSerializer.SerializeToElement(value, type).GetString()!,
    };
}
