using LockLeak.Layouts;

namespace KernelImages.Kernel;

/// <summary>An image in kernel memory.</summary>
/// <param name="Name">Module name as a debugger shows it: "nt", "TestDriver".</param>
/// <param name="FileName">Such as ntoskrnl.exe.</param>
/// <param name="Base">Where it lies.</param>
/// <param name="Size">SizeOfImage.</param>
/// <param name="Unloaded">It lies there no more.</param>
/// <param name="Symbols">Its public symbols; empty when there are none.</param>
public sealed record KernelModule(
    string Name, string FileName, ulong Base, uint Size, bool Unloaded, IReadOnlyDictionary<string, LayoutSymbol> Symbols)
{
    /// <summary>Of its file header; 0 when it has no image.</summary>
    public uint TimeDateStamp { get; init; }

    /// <summary>Time stamp and size, as symbol servers name its file; null when it has no image.</summary>
    public string? ImageKey => TimeDateStamp == 0 ? null : $"{TimeDateStamp:X8}{Size:x}";

    /// <summary>True for an address inside the image.</summary>
    public bool Contains(ulong address) => address - Base < Size;
}
