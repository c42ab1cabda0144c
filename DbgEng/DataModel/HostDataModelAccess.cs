using System.Runtime.InteropServices;

namespace LockLeak.DbgEng.DataModel;

/// <summary>The way from a client of the engine to the data model (dbgmodel.h).</summary>
[Guid("f2bce54e-4835-4f8a-836e-7981e29904d1")]
public sealed unsafe class HostDataModelAccess : ComPointer
{
    private enum Slot { GetDataModel = 3 }

    private HostDataModelAccess(nint pointer)
        : base(pointer)
    {
    }

    /// <summary>Asks a client for it.</summary>
    /// <param name="client">Any interface of a client.</param>
    /// <exception cref="DataModelException">The engine is older than the data model.</exception>
    public static HostDataModelAccess Of(nint client)
    {
        Check(Marshal.QueryInterface(client, typeof(HostDataModelAccess).GUID, out nint pointer));
        return new HostDataModelAccess(pointer);
    }

    /// <summary>The two halves of the data model.</summary>
    public (DataModelManager2 Manager, DebugHost Host) GetDataModel()
    {
        nint manager, host;
        Check(((delegate* unmanaged<nint, nint*, nint*, int>)Function(Slot.GetDataModel))(Pointer, &manager, &host));
        using var first = new HostDataModelAccess(manager);
        return (new DataModelManager2(first.QueryInterface(typeof(DataModelManager2).GUID)), new DebugHost(host));
    }
}
