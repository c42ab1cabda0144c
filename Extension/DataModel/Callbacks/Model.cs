using System.Runtime.InteropServices.Marshalling;
using LockLeak.DbgEng;
using LockLeak.DbgEng.DataModel;

namespace LockLeak.Extension.DataModel.Callbacks;

/// <summary>A model without a name, which does nothing to the objects that get it.</summary>
[GeneratedComClass]
internal sealed unsafe partial class Model : IDataModelConcept
{
    public int InitializeObject(nint modelObject, nint matchingTypeSignature, nint wildcardMatches) => HResult.Ok;

    public int GetName(nint* modelName)
    {
        *modelName = 0;
        return HResult.NotImplemented;
    }
}
