using System.Runtime.InteropServices;
using LockLeak.DbgEng;
using LockLeak.DbgEng.DataModel;
using LockLeak.Scripting;
using LockLeak.Target;

namespace LockLeak.Extension.DataModel;

/// <summary>What LockLeak adds to the debugger's data model: functions, a key of threads, processes and sessions, and views of two types.</summary>
internal sealed class LockDataModel : IDisposable
{
    private readonly ModelHost host;
    private readonly Shapes shapes;
    private readonly Registrations registrations;

    private LockDataModel(ModelHost host)
    {
        this.host = host;
        shapes = new Shapes(host);
        registrations = new Registrations(host);

        // The names of functions must not be those of exports or of anybody's commands: they would hide them.
        registrations.AddFunction("lockgraph", "lockgraph() - what leaked, who owns which lock, and who waits for it", LockGraph);
        registrations.AddFunction("lockat", "lockat(address) - the push lock at an address, with its owners and waiters", LockAt);
        var json = new JsonFunctions(host);
        registrations.AddFunction("lockreport", "lockreport() - the JSON of !lockleak, as a string", json.LockReport);
        registrations.AddFunction("threadreport", "threadreport([thread]) - the JSON of !threadlocks, as a string", json.ThreadReport);
        registrations.AddFunction("pushlockreport", "pushlockreport(address) - the JSON of !pushlock, as a string", json.PushLockReport);
        registrations.AddKey("Debugger.Models.Session", "Locks", "Locks that threads of the machine own or wait for", LocksOfMachine);
        registrations.AddKey("Debugger.Models.Process", "Locks", "Locks that threads of the process own or wait for", LocksOfProcess);
        registrations.AddKey("Debugger.Models.Thread", "Locks", "Locks that the thread owns or waits for", LocksOfThread);
        registrations.AddView(
            "_EX_PUSH_LOCK",
            PushLockState,
            ("Owners", "Threads that own the lock", false, pushLock => PushLock(pushLock).Key("Owners")),
            ("Waiters", "Threads that wait for the lock, oldest first", false, pushLock => PushLock(pushLock).Key("Waiters")));
        registrations.AddView(
            "_KLOCK_ENTRY",
            entry => Line(Entry(entry).Content.Found),
            ("Thread", "The thread that the entry belongs to", true, entry => Entry(entry).Key("Thread")),
            ("Relation", "What the thread has to do with the lock", true, entry => Entry(entry).Key("Relation")),
            ("Kind", "Kind of the lock", true, entry => Entry(entry).Key("Kind")),
            ("Lock", "The lock", true, entry => Entry(entry).Key("Lock")));
    }

    /// <summary>Registers everything.</summary>
    /// <param name="look">The target that a client looks at.</param>
    /// <exception cref="DataModelException">The engine has no data model.</exception>
    public static LockDataModel Open(Func<EngineClient, UserBreak, ITarget> look)
    {
        nint client = LoadedEngine.CreateClient();
        try
        {
            return new LockDataModel(new ModelHost(client, look));
        }
        finally
        {
            Marshal.Release(client);
        }
    }

    /// <summary>The target runs or is closed: objects that speak of it say so from now on.</summary>
    public void Forget() => host.Forget();

    public void Dispose()
    {
        registrations.Dispose();
        shapes.Dispose();
        host.Dispose();
    }

    private ModelObject LockGraph(ModelObject[] arguments) =>
        arguments is [] ? Ask(Queries.Machine).All : throw new DataModelException(HResult.InvalidArgument, "lockgraph takes no argument.");

    private ModelObject LockAt(ModelObject[] arguments) => arguments is [var address]
        ? PushLock(address).All
        : throw new DataModelException(HResult.InvalidArgument, "lockat takes the address of a push lock.");

    /// <summary>A session is often looked at for other reasons, and so is a process: nothing is read before somebody walks over the list.</summary>
    private ModelObject LocksOfMachine(ModelObject session) => !host.Ask((target, _) => target.Facts.IsKernel) ? host.Manager.CreateNoValue() : LazyList(() =>
    {
        Answer answer = Ask(Queries.Machine);
        return (answer, answer.Content.Value(answer.Content.Found, "Locks"));
    });

    private ModelObject LocksOfProcess(ModelObject process) => OfKernelObject(process, address => LazyList(() =>
    {
        Answer answer = Ask((target, console) => Queries.LocksOfProcess(target, console, address));
        return (answer, answer.Content.Found);
    }));

    private ModelObject LocksOfThread(ModelObject thread) =>
        OfKernelObject(thread, address => Ask((target, console) => Queries.LocksOfThread(target, console, address)).All);

    private ModelObject OfKernelObject(ModelObject owner, Func<ulong, ModelObject> make)
    {
        // Threads and processes of user mode have none, and no locks of the kernel.
        using ModelObject? kernelObject = owner.TryGetKeyValue("KernelObject");
        return kernelObject is null ? host.Manager.CreateNoValue() : make(ModelAddress.Of(kernelObject));
    }

    private ModelObject LazyList(Func<(Answer Answer, object? List)> find) =>
        host.Ask((target, _) => host.Snapshot(target.Types)).LazyList<(Answer Answer, object Record)>(
            () =>
            {
                (Answer answer, object? list) = find();
                return [.. ((ScriptList)list!).Items.Select(record => (answer, record))];
            },
            found => found.Answer.Object(found.Record));

    private Answer PushLock(ModelObject address) => Ask((target, console) => Queries.PushLock(target, console, ModelAddress.Of(address)));

    private Answer Entry(ModelObject entry) => Ask((target, console) => Queries.Entry(target, console, ModelAddress.Of(entry)));

    private Answer Ask(Func<ITarget, IConsole, ScriptAnswer> question) =>
        host.Ask((target, console) => new Answer(shapes, host.Snapshot(target.Types), question(target, console)));

    private static string Line(object record) => ScriptShapes.Of(record).Line(record);

    /// <summary>The lock's own value in words. Reads nothing else: a structure can have dozens of them.</summary>
    private static string? PushLockState(ModelObject pushLock)
    {
        using ModelObject? field = pushLock.TryGetField("Value");
        return field is not null && field.TryGetUInt64(out ulong raw) ? Queries.PushLockState(raw) : null;
    }
}
