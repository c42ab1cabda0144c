using System.Runtime.InteropServices.Marshalling;
using LockLeak.DbgEng.DataModel;

namespace LockLeak.Extension.DataModel.Callbacks;

/// <summary>A function.</summary>
/// <param name="values">Turns failures into error objects.</param>
/// <param name="call">The result for the arguments, which are borrowed.</param>
[GeneratedComClass]
internal sealed unsafe partial class Method(ModelValues values, Func<ModelObject[], ModelObject> call) : IModelMethod
{
    public int Call(nint contextObject, ulong argumentCount, nint* arguments, nint* result, nint* metadata)
    {
        if (metadata is not null)
        {
            *metadata = 0;
        }

        var borrowed = new ModelObject[argumentCount];
        for (int i = 0; i < borrowed.Length; i++)
        {
            borrowed[i] = new ModelObject(arguments[i]);
        }

        return values.Answer(result, () => call(borrowed));
    }
}
