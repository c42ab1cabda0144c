using LockLeak.DbgEng;
using LockLeak.DbgEng.DataModel;
using LockLeak.Extension.DataModel.Callbacks;
using LockLeak.Scripting;

namespace LockLeak.Extension.DataModel;

/// <summary>Where the values of records come from.</summary>
internal interface IRecordValues
{
    /// <summary>The target at the stop that was asked about.</summary>
    Snapshot Target { get; }

    /// <summary>An object for the value of a key.</summary>
    ModelObject Value(object record, ScriptKey key);
}

/// <summary>The model of the objects of one kind of record: their keys and their line. Made once; an object only adds its record.</summary>
internal sealed class Shape : IDisposable
{
    private readonly ModelHost host;
    private readonly ModelObject model;

    /// <summary>Makes a model with all keys.</summary>
    /// <param name="host">The data model.</param>
    /// <param name="description">The keys and the line.</param>
    public Shape(ModelHost host, ScriptShape description)
    {
        this.host = host;
        model = host.Manager.CreateDataModelObject(new Model());
        model.SetConcept<IStringDisplayableConcept>(new Preview(host.Values, made => description.Line(Of(made).Record)));
        foreach (ScriptKey key in description.Keys)
        {
            using ModelObject property = host.Property(made => Value(Of(made), key));
            using KeyStore? metadata = key.Help is { } help ? host.Metadata(help, isShown: false) : null;
            model.SetKey(key.Name, property, metadata);
        }
    }

    /// <summary>An object for a record.</summary>
    public ModelObject Make(IRecordValues values, object record)
    {
        ModelObject made = values.Target.Empty();
        made.AddParentModel(model);
        made.SetContextForDataModel(model, new Content(values, record));
        return made;
    }

    public void Dispose() => model.Dispose();

    private ModelObject Value(Content content, ScriptKey key)
    {
        object record = key.Complete is { } complete
            ? host.Ask((target, console) => complete(target, console, content.Record))
            : content.Record;
        return content.Values.Value(record, key);
    }

    private Content Of(ModelObject made)
    {
        Content content = made.GetContextForDataModel(model) as Content
            ?? throw new DataModelException(HResult.InvalidArgument, "This is another kind of object.");
        content.Values.Target.Check();
        return content;
    }

    private sealed record Content(IRecordValues Values, object Record);
}
