using LockLeak.DbgEng;
using LockLeak.DbgEng.DataModel;
using LockLeak.Extension.DataModel.Callbacks;

namespace LockLeak.Extension.DataModel;

/// <summary>What the objects of one kind of record look like: their keys and their line. Made once; an object only adds its record.</summary>
/// <typeparam name="T">The record.</typeparam>
internal sealed class Shape<T> : IDisposable
    where T : class
{
    private readonly ModelHost host;
    private readonly ModelObject model;

    /// <summary>Starts without keys.</summary>
    /// <param name="host">The data model.</param>
    /// <param name="preview">The line that dx shows for a record.</param>
    public Shape(ModelHost host, Func<T, string> preview)
    {
        this.host = host;
        model = host.Manager.CreateDataModelObject(new Model());
        model.SetConcept<IStringDisplayableConcept>(new Preview(host, o => preview(Of(o).Record)));
    }

    /// <summary>Adds a key, whose value is made when it is read.</summary>
    public Shape<T> Key(string name, Func<Answer, T, ModelObject> value)
    {
        SetKey(name, value, metadata: null);
        return this;
    }

    /// <summary>Adds a key that dx shows only when it is asked for, because its value costs much.</summary>
    public Shape<T> HiddenKey(string name, string help, Func<Answer, T, ModelObject> value)
    {
        using KeyStore metadata = host.Metadata(help, isShown: false);
        SetKey(name, value, metadata);
        return this;
    }

    /// <summary>An object for a record.</summary>
    public ModelObject Make(Answer answer, T record)
    {
        ModelObject made = answer.Target.Empty();
        made.AddParentModel(model);
        made.SetContextForDataModel(model, new Content(answer, record));
        return made;
    }

    public void Dispose() => model.Dispose();

    private void SetKey(string name, Func<Answer, T, ModelObject> value, KeyStore? metadata)
    {
        using ModelObject property = host.Property(o =>
        {
            Content content = Of(o);
            return value(content.Answer, content.Record);
        });
        model.SetKey(name, property, metadata);
    }

    private Content Of(ModelObject made)
    {
        Content content = made.GetContextForDataModel(model) as Content ?? throw new DataModelException(HResult.InvalidArgument, "This is another kind of object.");
        content.Answer.Target.Check();
        return content;
    }

    private sealed record Content(Answer Answer, T Record);
}
