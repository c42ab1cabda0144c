using System.Runtime.InteropServices;
using LockLeak.DbgEng;
using LockLeak.DbgEng.DataModel;
using LockLeak.Kernel;
using LockLeak.Reports;
using LockLeak.Target;

namespace LockLeak.Extension.DataModel;

/// <summary>What LockLeak adds to the debugger's data model: functions, a key of threads, processes and sessions, and views of two types.</summary>
internal sealed class LockDataModel : IDisposable
{
    private readonly ModelHost host;
    private readonly LockShapes shapes;
    private readonly Registrations registrations;

    private LockDataModel(nint client)
    {
        host = new ModelHost(client);
        shapes = new LockShapes(host);
        registrations = new Registrations(host);

        // The names of functions must not be those of exports or of anybody's commands: they would hide them.
        registrations.AddFunction("lockgraph", "lockgraph() - what leaked, who owns which lock, and who waits for it", LockGraph);
        registrations.AddFunction("lockat", "lockat(address) - the push lock at an address, with its owners and waiters", LockAt);
        var json = new JsonFunctions(host);
        registrations.AddFunction("lockreport", "lockreport() - the JSON of !lockleak, as a string", json.LockReport);
        registrations.AddFunction("threadreport", "threadreport([thread]) - the JSON of !threadlocks, as a string", json.ThreadReport);
        registrations.AddFunction("pushlockreport", "pushlockreport(address) - the JSON of !pushlock, as a string", json.PushLockReport);
        registrations.AddKey("Debugger.Models.Thread", "Locks", "Locks that the thread owns or waits for", LocksOfThread);
        registrations.AddKey("Debugger.Models.Process", "Locks", "Locks that threads of the process own or wait for", LocksOfProcess);
        registrations.AddKey("Debugger.Models.Session", "Locks", "All locks that threads own or wait for", LocksOfSession);
        registrations.AddView(
            "_EX_PUSH_LOCK",
            PushLockState,
            ("Owners", "Threads that own the lock", false, pushLock => PushLock(ModelAddress.Of(pushLock), (answer, report) => shapes.Owners(answer, report.Owners))),
            ("Waiters", "Threads that wait for the lock, oldest first", false, pushLock => PushLock(ModelAddress.Of(pushLock), (answer, report) => shapes.Waiters(answer, report.Waiters))));
        registrations.AddView(
            "_KLOCK_ENTRY",
            entry => host.Ask((target, console) => LockShapes.Text(Queries.Entry(target, console, ModelAddress.Of(entry)))),
            ("Thread", "The thread that the entry belongs to", true, entry => Entry(entry, (answer, use) => answer.Thread(use.Thread))),
            ("Relation", "What the thread has to do with the lock", true, entry => Entry(entry, (answer, use) => answer.Target.Text(use.Relation))),
            ("Kind", "Kind of the lock", true, entry => Entry(entry, (answer, use) => answer.Target.Text(use.Kind))),
            ("Lock", "The lock", true, entry => Entry(entry, (answer, use) => answer.Lock(use.Lock))));
    }

    /// <summary>Registers everything.</summary>
    /// <exception cref="DataModelException">The engine has no data model.</exception>
    public static LockDataModel Open()
    {
        nint client = LoadedEngine.CreateClient();
        try
        {
            return new LockDataModel(client);
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

    private ModelObject LockGraph(ModelObject[] arguments)
    {
        if (arguments.Length > 0)
        {
            throw new DataModelException(HResult.InvalidArgument, "lockgraph takes no argument.");
        }

        return host.Ask((target, console) =>
        {
            LockLeakReport report = Queries.Machine(target, console);
            return shapes.Graph.Make(Answer(target, report.Locks.Select(node => (node.Lock, node.Kind))), report);
        });
    }

    private ModelObject LockAt(ModelObject[] arguments) =>
        arguments is [var address]
            ? PushLock(ModelAddress.Of(address), (answer, report) => shapes.PushLock.Make(answer, report))
            : throw new DataModelException(HResult.InvalidArgument, "lockat takes the address of a push lock.");

    private ModelObject PushLock(ulong address, Func<Answer, PushLockReport, ModelObject> make) => host.Ask((target, console) =>
    {
        PushLockReport report = Queries.PushLock(target, console, address);
        return make(Answer(target, [(report.Lock, report.Kind)]), report);
    });

    private ModelObject LocksOfThread(ModelObject thread) => KernelObject(thread, (target, console, address) =>
    {
        IReadOnlyList<LockUse> uses = Queries.LocksOfThread(target, console, address);
        return shapes.Uses(Answer(target, uses), uses);
    });

    /// <summary>A process is often looked at for other reasons, so its threads are not read before somebody walks over the list.</summary>
    private ModelObject LocksOfProcess(ModelObject process) => KernelObject(process, (target, _, address) => shapes.Uses(host.Snapshot(target.Types), () => host.Ask((target, console) =>
    {
        IReadOnlyList<LockUse> uses = Queries.LocksOfProcess(target, console, address);
        return (Answer(target, uses), uses);
    })));

    /// <summary>Also shown when somebody looks at the session for other reasons.</summary>
    private ModelObject LocksOfSession(ModelObject session) => host.Ask((target, _) => target.Facts.IsKernel
        ? shapes.Locks(host.Snapshot(target.Types), () => host.Ask((target, console) =>
        {
            LockLeakReport report = Queries.Machine(target, console);
            return (Answer(target, report.Locks.Select(node => (node.Lock, node.Kind))), report.Locks);
        }))
        : host.Manager.CreateNoValue());

    private ModelObject KernelObject(ModelObject owner, Func<ITarget, IConsole, ulong, ModelObject> make)
    {
        // Threads and processes of user mode have none, and no locks of the kernel.
        using ModelObject? kernelObject = owner.TryGetKeyValue("KernelObject");
        return kernelObject is null ? host.Manager.CreateNoValue() : host.Ask((target, console) => make(target, console, ModelAddress.Of(kernelObject)));
    }

    private ModelObject Entry(ModelObject entry, Func<Answer, LockUse, ModelObject> make) => host.Ask((target, console) =>
    {
        LockUse use = Queries.Entry(target, console, ModelAddress.Of(entry));
        return make(Answer(target, [use]), use);
    });

    private Answer Answer(ITarget target, IEnumerable<LockUse> uses) => Answer(target, uses.Select(use => (use.Lock ?? 0, use.Kind)));

    private Answer Answer(ITarget target, IEnumerable<(ulong Lock, string Kind)> kinds) =>
        new(host.Snapshot(target.Types), kinds.DistinctBy(pair => pair.Lock).ToDictionary(pair => pair.Lock, pair => pair.Kind));

    /// <summary>The lock's own value in words. Reads nothing else: a structure can have dozens of them.</summary>
    private static string? PushLockState(ModelObject pushLock)
    {
        using ModelObject? field = pushLock.TryGetField("Value");
        return field is not null && field.TryGetUInt64(out ulong raw) ? Phrases.PushLockFlags(new PushLockValue(raw)) : null;
    }
}
