using System.Runtime.InteropServices.Marshalling;
using LockLeak.DbgEng;
using LockLeak.DbgEng.DataModel;

namespace LockLeak.Extension.DataModel.Callbacks;

/// <summary>A key whose value is made when it is read.</summary>
/// <param name="values">Turns failures into error objects.</param>
/// <param name="get">The value for an object, which is borrowed.</param>
[GeneratedComClass]
internal sealed unsafe partial class Property(ModelValues values, Func<ModelObject, ModelObject> get) : IModelPropertyAccessor
{
    public int GetValue(char* key, nint contextObject, nint* value) => values.Answer(value, () => get(new ModelObject(contextObject)));

    public int SetValue(char* key, nint contextObject, nint value) => HResult.NotImplemented;
}
