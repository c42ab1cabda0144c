using System.Diagnostics;

namespace LockLeak.Fleet.Engine;

/// <summary>What holds a program together with all that it starts, so that all of it can be measured and ended.</summary>
internal abstract class ProcessFence : IDisposable
{
    /// <summary>Starts a program inside.</summary>
    public abstract Process Start(ProcessStartInfo start);

    /// <summary>Bytes of memory in use by everything inside.</summary>
    public abstract long Memory { get; }

    /// <summary>Ends everything inside.</summary>
    public abstract void Kill();

    /// <summary>Lets go of it, once the program has ended.</summary>
    public abstract void Dispose();
}
