namespace LockLeak.Host;

/// <summary>
/// Ctrl+C while dumps are asked one after the other in processes of their own: the one that runs hears it too and ends, and no other
/// begins.
/// </summary>
internal sealed class UserStop
{
    /// <summary>Listens from now on.</summary>
    public UserStop() => Console.CancelKeyPress += (_, pressed) =>
    {
        pressed.Cancel = true;
        HasCome = true;
    };

    /// <summary>True once the user has pressed it.</summary>
    public bool HasCome { get; private set; }
}
