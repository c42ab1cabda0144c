using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace LockLeak.DbgEng.DataModel;

/// <summary>Our objects as the engine sees them.</summary>
public static class Callback
{
    private static readonly StrategyBasedComWrappers Wrappers = new();

    /// <summary>An interface of one of our objects, owned.</summary>
    /// <typeparam name="T">The interface.</typeparam>
    public static nint Of<T>(T callback)
        where T : class
    {
        nint unknown = Unknown(callback);
        try
        {
            Marshal.ThrowExceptionForHR(Marshal.QueryInterface(unknown, typeof(T).GUID, out nint pointer));
            return pointer;
        }
        finally
        {
            Marshal.Release(unknown);
        }
    }

    /// <summary>One of our objects, owned.</summary>
    public static nint Unknown(object callback) => Wrappers.GetOrCreateComInterfaceForObject(callback, CreateComInterfaceFlags.None);
}
