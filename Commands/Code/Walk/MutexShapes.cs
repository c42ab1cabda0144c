using System.Globalization;
using LockLeak.Code.Values;

namespace LockLeak.Code.Walk;

/// <summary>
/// Which waits are for a mutex. KeWaitForSingleObject waits for any object; what the driver initialises or releases as
/// a mutex tells, by where it lies relative to whatever holds it.
/// </summary>
internal sealed class MutexShapes
{
    private readonly HashSet<string> named = [], waitedFor = [];

    /// <summary>True when something was waited for before it proved to be a mutex: the walk has to begin anew.</summary>
    public bool CameLate => waitedFor.Overlaps(named);

    /// <summary>An object is a mutex.</summary>
    public void Name(Value mutex)
    {
        if (ShapeOf(mutex) is { } shape)
        {
            named.Add(shape);
        }
    }

    /// <summary>True when an object that is waited for is a mutex, as far as is known by now.</summary>
    public bool IsMutex(Value awaited)
    {
        if (ShapeOf(awaited) is not { } shape)
        {
            return false;
        }

        bool known = named.Contains(shape);
        if (!known)
        {
            waitedFor.Add(shape);
        }

        return known;
    }

    /// <summary>The walk begins anew.</summary>
    public void Restart() => waitedFor.Clear();

    private static string? ShapeOf(Value value) => value.Kind switch
    {
        ValueKind.Number or ValueKind.Offset => value.Number.ToString("x", CultureInfo.InvariantCulture),
        ValueKind.Memory => ShapeOf(value.Left!) is { } inner ? $"[{inner}]" : null,
        _ => null,
    };
}
