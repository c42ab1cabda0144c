namespace LockLeak.Fleet.Engine;

/// <summary>What one dump may cost its worker. A dump that wants more is ended.</summary>
/// <param name="Time">How long lockleak may take.</param>
/// <param name="Memory">Bytes of memory of lockleak and what it starts.</param>
/// <param name="Disk">Bytes of temporary files.</param>
internal sealed record Limits(TimeSpan Time, long Memory, long Disk)
{
    /// <summary>Characters of an answer: 2,000 threads with their stacks take 4 million.</summary>
    public const int Answer = 256 * 1024 * 1024;

    /// <summary>What lockleak gets beyond <see cref="Time"/>, which it is told, to end by itself and say why.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
}
