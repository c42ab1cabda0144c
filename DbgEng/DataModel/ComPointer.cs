using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LockLeak.DbgEng.DataModel;

/// <summary>A pointer to an interface of the engine that is called through its table of slots.</summary>
/// <remarks>
/// The data model hands out and takes back thousands of objects in one query, so these are plain calls: a wrapper of
/// source-generated COM costs 25 us for each object and is let go of on the finalizer's thread (measured).
/// Slots count IUnknown's three methods as 0 to 2. Each class names those that it calls in an enum, so that a test can
/// compare them with dbgmodel.h.
/// </remarks>
/// <param name="pointer">
/// The interface. Pointers that come as arguments of a callback are borrowed and must not be disposed; those that come out
/// of a call are owned.
/// </param>
public abstract unsafe class ComPointer(nint pointer) : IDisposable
{
    /// <summary>The interface; 0 once disposed.</summary>
    public nint Pointer { get; private set; } = pointer;

    /// <summary>Gives the reference away: the caller has to release it.</summary>
    public nint Detach()
    {
        nint pointer = Pointer;
        Pointer = 0;
        return pointer;
    }

    /// <summary>Gives the reference back to the engine.</summary>
    public void Dispose()
    {
        nint pointer = Detach();
        if (pointer != 0)
        {
            Marshal.Release(pointer);
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>The function in a slot, to be cast to its type.</summary>
    /// <exception cref="ObjectDisposedException">The reference has been given back.</exception>
    protected void* Function<TSlot>(TSlot slot)
        where TSlot : unmanaged, Enum
    {
        ObjectDisposedException.ThrowIf(Pointer == 0, this);
        return (*(void***)Pointer)[Unsafe.BitCast<TSlot, int>(slot)];
    }

    /// <summary>Another interface of the same object, owned.</summary>
    /// <exception cref="DataModelException">The object does not have it.</exception>
    protected nint QueryInterface(in Guid iid)
    {
        Check(Marshal.QueryInterface(Pointer, in iid, out nint other));
        return other;
    }

    /// <summary>Turns a failure into an exception.</summary>
    protected static void Check(int result, [CallerMemberName] string call = "")
    {
        if (result < 0)
        {
            throw new DataModelException(result, $"{call} failed (0x{result:x8}).");
        }
    }
}

/// <summary>The engine's data model refused something, or something that was asked through it cannot be answered.</summary>
/// <param name="result">HRESULT.</param>
/// <param name="message">One line for the user.</param>
public sealed class DataModelException(int result, string message) : Exception(message)
{
    /// <summary>HRESULT.</summary>
    public int Result => result;
}
