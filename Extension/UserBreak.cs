using LockLeak.DbgEng;

namespace LockLeak.Extension;

/// <summary>
/// The user's Ctrl+Break. While one is pending the engine refuses look-ups, which then read like missing types and symbols:
/// whoever sees a failure asks <see cref="Arrived"/>, and if it was that, asks the engine again.
/// </summary>
internal sealed class UserBreak(EngineClient engine)
{
    /// <summary>True once the user has asked to stop; stays true until the command ends.</summary>
    public bool IsRequested => Arrived() || WasRequested;

    /// <summary>The same as far as it is known by now; the engine is not asked, and keeps a break that arrives meanwhile.</summary>
    public bool WasRequested { get; private set; }

    /// <summary>True when a break has arrived since the last call; it is not pending any more.</summary>
    public bool Arrived()
    {
        bool arrived = engine.Breaks.GetInterrupt() == HResult.Ok;
        WasRequested |= arrived;
        return arrived;
    }

    /// <summary>Asks the engine, and again if it refused because of a break; gives the HRESULT.</summary>
    public int Insist(Func<int> ask)
    {
        int result;
        do
        {
            result = ask();
        }
        while (result < 0 && Arrived());

        return result;
    }
}
