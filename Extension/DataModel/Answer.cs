using LockLeak.DbgEng.DataModel;
using LockLeak.Scripting;

namespace LockLeak.Extension.DataModel;

/// <summary>An answer of the commands as objects.</summary>
/// <param name="Shapes">What records look like.</param>
/// <param name="Target">The target at the stop that was asked about.</param>
/// <param name="Content">The answer.</param>
internal sealed record Answer(Shapes Shapes, Snapshot Target, ScriptAnswer Content) : IRecordValues
{
    /// <summary>All of it.</summary>
    public ModelObject All => Object(Content.Found);

    /// <summary>The value of a key of the record that was found.</summary>
    public ModelObject Key(string name) => Object(Content.Value(Content.Found, name));

    /// <inheritdoc/>
    public ModelObject Value(object record, ScriptKey key) => Object(Content.Value(record, key));

    /// <summary>An object for a value that occurs in the answer.</summary>
    public ModelObject Object(object? value) => value switch
    {
        null => Target.Nothing(),
        bool flag => Target.Flag(flag),
        long number => Target.Count(number),
        ulong number => Target.Raw(number),
        string text => Target.Text(text),
        ScriptPointer pointer => Target.Pointer(pointer.Type, pointer.Address),
        ScriptList list => Target.List(list.Items, list.Line, Object),
        _ => Shapes.Of(ScriptShapes.Of(value)).Make(this, value),
    };
}
