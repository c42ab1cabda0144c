namespace LockLeak.Fleet;

/// <summary>A reason why nothing could be done, as one line for the user.</summary>
internal sealed class FleetException(string message) : Exception(message);
