using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using LockLeak.DbgEng;
using LockLeak.DbgEng.DataModel;

namespace LockLeak.Extension.DataModel.Callbacks;

/// <summary>The line that dx shows for an object.</summary>
/// <param name="values">Tells whether the extension is still loaded.</param>
/// <param name="text">The line for an object, which is borrowed; null for the line that dx shows by itself.</param>
[GeneratedComClass]
internal sealed unsafe partial class Preview(ModelValues values, Func<ModelObject, string?> text) : IStringDisplayableConcept
{
    public int ToDisplayString(nint contextObject, nint metadata, nint* displayString)
    {
        *displayString = 0;
        try
        {
            if (!values.IsOpen || text(new ModelObject(contextObject)) is not { } line)
            {
                return HResult.Failed;
            }

            *displayString = Marshal.StringToBSTR(ModelValues.Harmless(line));
            return HResult.Ok;
        }
        catch (Exception)
        {
            // The keys of the object tell what is wrong; there is no place for it here.
            return HResult.Failed;
        }
    }
}
