namespace KernelImages.Scenarios;

/// <summary>An ALPC message that a thread has sent and waits for the answer to.</summary>
/// <param name="Server">Image of the process whose port it was sent to.</param>
public sealed record AlpcSpec(string Server)
{
    /// <summary>The thread of the server that has received it; null while it is in the port's main queue.</summary>
    public string? Receiver { get; init; }

    /// <summary>The server has received it through a completion list, which notes no thread.</summary>
    public bool ByCompletionList { get; init; }
}
