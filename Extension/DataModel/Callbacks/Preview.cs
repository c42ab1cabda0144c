using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using LockLeak.DbgEng;
using LockLeak.DbgEng.DataModel;

namespace LockLeak.Extension.DataModel.Callbacks;

/// <summary>The line that dx shows for an object.</summary>
/// <param name="host">The data model.</param>
/// <param name="text">The line for an object, which is borrowed; null for the line that dx shows by itself.</param>
[GeneratedComClass]
internal sealed unsafe partial class Preview(ModelHost host, Func<ModelObject, string?> text) : IStringDisplayableConcept
{
    public int ToDisplayString(nint contextObject, nint metadata, nint* displayString)
    {
        *displayString = 0;
        try
        {
            if (!host.IsOpen || text(new ModelObject(contextObject)) is not { } line)
            {
                return HResult.Failed;
            }

            *displayString = Marshal.StringToBSTR(ModelHost.Harmless(line));
            return HResult.Ok;
        }
        catch (Exception)
        {
            // The keys of the object tell what is wrong; there is no place for it here.
            return HResult.Failed;
        }
    }
}
