namespace LockLeak.Kernel;

/// <summary>Leaves out what is not there.</summary>
/// <remarks>
/// OfType and Cast would do, by way of the enumerators without types: then every structure that is in some array or list anywhere
/// can become an object, and its text comes into the DLL (measured: 0.3 MB, most of it the decoder's formatter and names).
/// </remarks>
internal static class PresentValues
{
    /// <summary>The objects among some that may be null.</summary>
    public static IEnumerable<T> Present<T>(this IEnumerable<T?> values)
        where T : class
    {
        foreach (T? value in values)
        {
            if (value is not null)
            {
                yield return value;
            }
        }
    }

    /// <summary>The values among some that may be null.</summary>
    public static IEnumerable<T> Present<T>(this IEnumerable<T?> values)
        where T : struct
    {
        foreach (T? value in values)
        {
            if (value is { } there)
            {
                yield return there;
            }
        }
    }
}
