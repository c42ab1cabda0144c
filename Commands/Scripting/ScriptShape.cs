using System.Text.Json.Serialization.Metadata;
using LockLeak.Reports;
using LockLeak.Target;

namespace LockLeak.Scripting;

/// <summary>How scripts see one kind of record. The keys are those of the JSON, from the same metadata that makes the JSON.</summary>
public sealed class ScriptShape
{
    private readonly Func<object, string> line;

    /// <summary>Looks up the keys of a record.</summary>
    /// <param name="type">The record.</param>
    /// <param name="word">What one of them is called: "thread".</param>
    /// <param name="line">Puts one into a line.</param>
    /// <param name="special">Keys whose values are not those of the JSON.</param>
    internal ScriptShape(Type type, string word, Func<object, string> line, IEnumerable<ScriptKey> special)
    {
        Word = word;
        this.line = line;
        Dictionary<string, ScriptKey> instead = special.ToDictionary(key => key.Name);
        Keys =
        [
            .. JsonRenderer.Json.Options.GetTypeInfo(type).Properties
                .Where(property => property.Get is not null && Name(property) is not ("Schema" or "Command" or "Checks"))
                // What every report begins and ends with comes last.
                .OrderBy(property => property.Order != 0)
                .Select(property => instead.GetValueOrDefault(Name(property)) ?? new ScriptKey(Name(property), property.PropertyType,
                    property.Get!)),
        ];
    }

    /// <summary>The keys, in the order in which they are shown.</summary>
    public IReadOnlyList<ScriptKey> Keys { get; }

    internal string Word { get; }

    /// <summary>A record in one line.</summary>
    public string Line(object record) => line(record);

    private static string Name(JsonPropertyInfo property) => char.ToUpperInvariant(property.Name[0]) + property.Name[1..];
}

/// <summary>A named value of a record.</summary>
public sealed class ScriptKey
{
    internal ScriptKey(string name, Type type, Func<object, object?> get)
    {
        Name = name;
        Type = JsonRenderer.Json.Options.GetTypeInfo(type);
        Get = get;
    }

    /// <summary>The name of the JSON in Pascal case: "WaitReason".</summary>
    public string Name { get; }

    /// <summary>What the value is, where it is shown only to those who ask for it; else null.</summary>
    public string? Help { get; internal init; }

    /// <summary>
    /// Asks the machine for a record that has the value, which the record at hand leaves out because it costs much; null where it has it.
    /// </summary>
    public Func<ITarget, IConsole, object, object>? Complete { get; internal init; }

    internal JsonTypeInfo Type { get; }

    internal Func<object, object?> Get { get; }
}
