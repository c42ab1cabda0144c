namespace LockLeak.Host;

/// <summary>What the debugger is opened on: a dump or a live machine. Disposing lets go of it.</summary>
internal interface ITarget : IDisposable
{
    /// <summary>Opens it and waits until the engine can read it.</summary>
    /// <exception cref="HostException">That could not be done.</exception>
    void Open();

    /// <summary>After it was opened, and again after it was restarted: what the engine has to know before it is asked.</summary>
    void Prepare()
    {
    }

    /// <summary>Stops the running command, and what comes after it. May be called on any thread.</summary>
    void Cancel();

    /// <summary>Whether <see cref="Cancel"/> was called.</summary>
    CancellationToken Cancelled { get; }
}
