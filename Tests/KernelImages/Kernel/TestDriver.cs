using LockLeak.Layouts;

namespace KernelImages.Kernel;

/// <summary>
/// The driver image of the scenarios, compiled from the folder Driver. FileCreationThread lies where the walk-through's
/// driver has it.
/// </summary>
public static class TestDriver
{
    /// <summary>SizeOfImage.</summary>
    public const uint Size = 0x5000;

    /// <summary>Its functions.</summary>
    public static IReadOnlyDictionary<string, LayoutSymbol> Symbols { get; } = new Dictionary<string, LayoutSymbol>
    {
        ["UnloadDriver"] = new(0x1020, 0xc0, true),
        ["FileCreationThread"] = new(0x10e0, 0x160, true),
        ["FileMoveThread"] = new(0x1240, 0x1c0, true),
        ["DriverEntry"] = new(0x1400, 0x100, true),
        ["FileFlushThread"] = new(0x1500, 0x100, true),
        ["FileReadThread"] = new(0x1600, 0x100, true),
        ["FileCopyThread"] = new(0x1700, 0xa8, true),
        ["OpenNumbered"] = new(0x17a8, 0x138, true),
    };
}
