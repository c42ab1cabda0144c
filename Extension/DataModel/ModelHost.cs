using System.Runtime.InteropServices;
using LockLeak.DbgEng;
using LockLeak.DbgEng.DataModel;
using LockLeak.Extension.DataModel.Callbacks;
using LockLeak.Target;

namespace LockLeak.Extension.DataModel;

/// <summary>The engine's data model as our objects use it: it asks the commands for them, and knows which target they speak of.</summary>
internal sealed class ModelHost : IDisposable
{
    private readonly Func<EngineClient, UserBreak, ITarget> look;
    private readonly List<Snapshot> snapshots = [];
    private Client? client;
    private EngineClient? engine;

    /// <summary>Connects to the data model of a client's engine.</summary>
    /// <param name="client">IDebugClient, borrowed.</param>
    /// <param name="look">The target that a client looks at.</param>
    /// <exception cref="DataModelException">The engine has none.</exception>
    public ModelHost(nint client, Func<EngineClient, UserBreak, ITarget> look)
    {
        this.look = look;
        using var access = HostDataModelAccess.Of(client);
        (Manager, Host) = access.GetDataModel();
        Symbols = Host.Symbols();
        Values = new ModelValues(Manager);
    }

    /// <summary>Makes objects.</summary>
    public DataModelManager2 Manager { get; }

    /// <summary>Makes values.</summary>
    public ModelValues Values { get; }

    /// <summary>The debugger.</summary>
    public DebugHost Host { get; }

    /// <summary>Types of the target.</summary>
    public DebugHostSymbols Symbols { get; }

    /// <summary>Asks the commands something about the target.</summary>
    /// <exception cref="OperationCanceledException">The user pressed Ctrl+Break.</exception>
    public T Ask<T>(Func<ITarget, IConsole, T> question)
    {
        EngineClient engine = Engine();
        var userBreak = new UserBreak(engine);
        try
        {
            T answer = question(look(engine, userBreak), new EngineConsole(engine, userBreak));

            // Half an answer that does not look like half of one would mislead, so a stopped question has none.
            return userBreak.WasRequested ? throw new OperationCanceledException() : answer;
        }
        finally
        {
            if (userBreak.WasRequested)
            {
                // To notice Ctrl+Break is to take it away from everybody else, and dx goes on after a key that fails: hand it on.
                engine.Control.SetInterrupt(DEBUG_INTERRUPT.PASSIVE);
            }
        }
    }

    /// <summary>The target as it is now. Answers share it until the target moves or the user looks elsewhere.</summary>
    public Snapshot Snapshot(ITypes types)
    {
        DebugHostContext context = Host.GetCurrentContext();
        // Where the engine cannot tell there are no types either, and so nothing in an answer that depends on the context.
        if (snapshots.Find(known => known.Types == types && known.Context.IsEqualTo(context) != false) is { } same)
        {
            context.Dispose();
            return same;
        }

        var snapshot = new Snapshot(Values, Symbols, context, types);
        snapshots.Add(snapshot);
        return snapshot;
    }

    /// <summary>The target runs or is closed: what was said about it holds no longer.</summary>
    public void Forget()
    {
        snapshots.ForEach(snapshot => snapshot.Dispose());
        snapshots.Clear();
    }

    /// <summary>A key's value that is made when it is read.</summary>
    /// <param name="get">The value for an object, which is borrowed.</param>
    public ModelObject Property(Func<ModelObject, ModelObject> get) =>
        Wrap<IModelPropertyAccessor>(ModelObjectKind.PropertyAccessor, new Property(Values, get));

    /// <summary>A function.</summary>
    /// <param name="call">The result for the arguments, which are borrowed.</param>
    public ModelObject Method(Func<ModelObject[], ModelObject> call) =>
        Wrap<IModelMethod>(ModelObjectKind.Method, new Method(Values, call));

    /// <summary>What dx knows about a key or a function besides its value.</summary>
    /// <param name="help">An explanation, shown by <c>dx -v</c>.</param>
    /// <param name="isShown">False for a key that dx shows only when it is asked for, because its value costs much.</param>
    public KeyStore Metadata(string help, bool isShown = true)
    {
        KeyStore metadata = Manager.CreateMetadataStore();
        using ModelObject text = Values.Text(help);
        using ModelObject shown = Values.Value(Variant.Of(isShown));
        metadata.SetKey("Help", text);
        metadata.SetKey("PreferShow", shown);
        return metadata;
    }

    public void Dispose()
    {
        Values.Close();
        Forget();
        engine?.Dispose();
        client?.Dispose();
        Symbols.Dispose();
        Host.Dispose();

        // Manager is kept: a variable of the user's can hold our objects for as long as he likes (.unload leaves the DLL in
        // memory), and they need it to say that they are of no use any more.
    }

    /// <summary>The client that callbacks may use. It is nearly always the same, and its interfaces cost more than a thread's lock entries.</summary>
    private EngineClient Engine()
    {
        var current = new Client(Host.GetHostDefinedInterface());
        if (engine is not null && client?.Pointer == current.Pointer)
        {
            current.Dispose();
            return engine;
        }

        engine?.Dispose();
        client?.Dispose();
        client = current;
        engine = new EngineClient(current.Pointer);
        return engine;
    }

    private ModelObject Wrap<T>(ModelObjectKind kind, T callback)
        where T : class
    {
        nint pointer = Callback.Of(callback);
        try
        {
            return Manager.CreateIntrinsicObject(kind, Variant.OfUnknown(pointer));
        }
        finally
        {
            Marshal.Release(pointer);
        }
    }

    private sealed class Client(nint pointer) : ComPointer(pointer);
}
