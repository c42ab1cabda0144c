namespace LockLeak.Target;

/// <summary>IMAGE_FILE_MACHINE_* (winnt.h), as <see cref="TargetFacts.Machine"/> has it.</summary>
public static class Machine
{
    /// <summary>x64.</summary>
    public const uint Amd64 = 0x8664;

    /// <summary>ARM64.</summary>
    public const uint Arm64 = 0xAA64;
}
