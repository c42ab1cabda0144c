namespace LockLeak.Locks;

/// <summary>
/// An ALPC message: its sender waits until the thread that has received it answers. <see cref="Kernel.AlpcRequest"/> proves it.
/// </summary>
internal sealed class AlpcMessage : LockKind
{
    /// <inheritdoc/>
    public override string Name => "ALPC message";

    /// <inheritdoc/>
    public override string? TypeName => "_KALPC_MESSAGE";

    internal override string Held => "received";

    internal override bool IsLock => false;
}
