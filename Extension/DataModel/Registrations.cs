using LockLeak.DbgEng.DataModel;
using LockLeak.Extension.DataModel.Callbacks;

namespace LockLeak.Extension.DataModel;

/// <summary>What was added to the debugger's own objects, and how to take it away again.</summary>
/// <remarks>
/// Everything is added through models of ours that become parents of the engine's: a sub-namespace (AcquireSubNamespace)
/// or a key that is set on a model of the engine's would survive the extension.
/// </remarks>
/// <param name="host">The data model.</param>
internal sealed class Registrations(ModelHost host) : IDisposable
{
    private readonly DebugHostExtensibility2 extensibility = host.Host.Extensibility();
    private readonly Stack<Action> undo = new();

    /// <summary>A function that <c>dx @$name()</c> calls. It hides a <c>!name</c> of any extension.</summary>
    public void AddFunction(string name, string help, Func<ModelObject[], ModelObject> call)
    {
        using ModelObject method = host.Method(call);
        using KeyStore metadata = host.Metadata(help);
        extensibility.CreateFunctionAliasWithMetadata(name, method, metadata);
        undo.Push(() => extensibility.DestroyFunctionAlias(name));
    }

    /// <summary>A key for all objects that have one of the engine's models, such as "Debugger.Models.Thread".</summary>
    public void AddKey(string model, string name, string help, Func<ModelObject, ModelObject> get)
    {
        ModelObject ours = New();
        AddKey(ours, name, help, get);
        using ModelObject theirs = host.Manager.AcquireNamedModel(model);
        theirs.AddParentModel(ours);
        undo.Push(() =>
        {
            using (ours)
            using (ModelObject extended = host.Manager.AcquireNamedModel(model))
            {
                extended.RemoveParentModel(ours);
            }
        });
    }

    /// <summary>A line and keys for all objects of a type of the target.</summary>
    /// <param name="type">The type, in any module.</param>
    /// <param name="preview">The line, which also stands behind pointers to the type; null for the one that dx shows by itself.</param>
    /// <param name="keys">The keys; their values are asked for by name only when they are not shown.</param>
    public void AddView(string type, Func<ModelObject, string?> preview, params ReadOnlySpan<(string Name, string Help, bool IsShown, Func<ModelObject, ModelObject> Get)> keys)
    {
        ModelObject ours = New();
        ours.SetConcept<IStringDisplayableConcept>(new Preview(host.Values, preview));
        foreach ((string name, string help, bool isShown, Func<ModelObject, ModelObject> get) in keys)
        {
            AddKey(ours, name, help, get, isShown);
        }

        DebugHostTypeSignature signature = host.Symbols.CreateTypeSignature(type);
        host.Manager.RegisterExtensionForTypeSignature(signature, ours);
        undo.Push(() =>
        {
            using (ours)
            using (signature)
            {
                host.Manager.UnregisterExtensionForTypeSignature(signature, ours);
            }
        });
    }

    /// <summary>Takes everything away, the last first.</summary>
    public void Dispose()
    {
        while (undo.TryPop(out Action? takeAway))
        {
            try
            {
                takeAway();
            }
            catch (DataModelException)
            {
                // The engine has dropped it already. The others have to go all the same.
            }
        }

        extensibility.Dispose();
    }

    private ModelObject New() => host.Manager.CreateDataModelObject(new Model());

    private void AddKey(ModelObject model, string name, string help, Func<ModelObject, ModelObject> get, bool isShown = true)
    {
        using ModelObject property = host.Property(get);
        using KeyStore metadata = host.Metadata(help, isShown);
        model.SetKey(name, property, metadata);
    }
}
