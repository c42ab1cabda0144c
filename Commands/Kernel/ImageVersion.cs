using System.Globalization;
using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>The file version in the resources of an image in memory.</summary>
/// <remarks>
/// Headers and the resource directory: https://learn.microsoft.com/windows/win32/debug/pe-format. The kernel keeps its own resources, for
/// the texts of its bug checks are in them. VS_VERSIONINFO with its VS_FIXEDFILEINFO:
/// https://learn.microsoft.com/windows/win32/menurc/vs-versioninfo.
/// </remarks>
internal static class ImageVersion
{
    private const uint PeMark = 0x4550, Pe32Plus = 0x20B, ResourceOfVersion = 16, FixedFileInfoMark = 0xFEEF04BD, IsDirectory = 0x80000000;

    /// <summary>Bytes of an image's headers that are looked at.</summary>
    private const int HeaderBytes = 0x400;

    /// <summary>From the PE header on: its magic number, and the entry of the resources among the data directories.</summary>
    private const int OptionalHeader = 24, ResourceDirectory = OptionalHeader + 112 + (2 * 8);

    /// <summary>IMAGE_RESOURCE_DIRECTORY and its entries; the kernel has a handful of types.</summary>
    private const int DirectorySize = 16, EntrySize = 8, MostEntries = 32;

    /// <summary>VS_FIXEDFILEINFO behind the name "VS_VERSION_INFO".</summary>
    private const int FixedFileInfo = 0x28, FixedFileInfoEnd = FixedFileInfo + 16;

    /// <summary>"22621.2506": build and revision; null when they cannot be read.</summary>
    /// <param name="memory">The target's memory.</param>
    /// <param name="image">Base address of the image.</param>
    public static string? BuildAndRevision(KernelMemory memory, ulong image)
    {
        if (memory.TryReadWindow(image, 0, HeaderBytes) is not { } headers ||
            Long(headers, 0x3C) is not (> 0 and < HeaderBytes - ResourceDirectory - 8 and var pe) ||
            Long(headers, (int)pe) != PeMark || (Long(headers, (int)pe + OptionalHeader) & 0xFFFF) != Pe32Plus ||
                Long(headers, (int)pe + ResourceDirectory) is not (> 0 and < IsDirectory and var resources))
        {
            return null;
        }

        // Three levels: type, name, language.
        ulong root = image + resources;
        return Child(memory, root, 0, ResourceOfVersion) is { } names && Child(memory, root, names, wanted: null) is { } languages &&
            Child(memory, root, languages, wanted: null) is { } data &&
            memory.TryReadUInt32(root + data, out uint version) && version < IsDirectory &&
                memory.TryReadWindow(image + version, 0, FixedFileInfoEnd) is { } info && Long(info, FixedFileInfo) == FixedFileInfoMark
            ? string.Create(CultureInfo.InvariantCulture,
                $"{Long(info, FixedFileInfo + 12) >> 16}.{Long(info, FixedFileInfo + 12) & 0xFFFF}")
            : null;
    }

    /// <summary>Offset of the wanted entry's directory or data, or of the first one's.</summary>
    private static uint? Child(KernelMemory memory, ulong root, uint directory, uint? wanted)
    {
        if (memory.TryReadWindow(root + directory, 0, DirectorySize + (MostEntries * EntrySize),
            atLeast: DirectorySize + EntrySize) is not { } window)
        {
            return null;
        }

        uint counts = Long(window, 12);
        int count = (int)Math.Min((counts & 0xFFFF) + (counts >> 16), MostEntries);
        for (int at = DirectorySize; at < DirectorySize + (count * EntrySize); at += EntrySize)
        {
            if (wanted is null || Long(window, at) == wanted)
            {
                return Long(window, at + 4) & ~IsDirectory;
            }
        }

        return null;
    }

    private static uint Long(Window window, int offset) => (uint)window.Value(new TypeField(offset, 4, 0, 0, IsPointer: false));
}
