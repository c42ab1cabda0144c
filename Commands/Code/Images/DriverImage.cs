namespace LockLeak.Code.Images;

/// <summary>
/// A driver as it lies in memory: its headers, .pdata and code, without import names and without its INIT section,
/// which the kernel has thrown away (https://learn.microsoft.com/windows/win32/debug/pe-format).
/// </summary>
internal sealed class DriverImage
{
    private const uint CanExecute = 0x20000000, CanWrite = 0x80000000, IsDiscarded = 0x02000000;

    // Offsets in the PE header: IMAGE_NT_HEADERS64.
    private const uint NewHeader = 0x3C, SectionCount = 6, OptionalSize = 20, Optional = 24, SizeOfImage = 56, Directories = 112,
        DirectoryCount = 108;
    private const uint ExceptionDirectory = 3, ConfigDirectory = 10, ImportAddressDirectory = 12;
    private const int SectionSize = 40, MostSections = 96;

    // Offset in IMAGE_LOAD_CONFIG_DIRECTORY64 of GuardCFDispatchFunctionPointer.
    private const uint GuardDispatch = 0x78;

    private readonly List<(uint Begin, uint End, uint Flags)> sections = [];
    private uint importsBegin, importsSize;

    private DriverImage(CodeMemory memory, ulong start, uint size)
    {
        (Memory, Start, Size) = (memory, start, size);
        Functions = new FunctionTable(memory, start, 0, 0);
    }

    /// <summary>The memory.</summary>
    public CodeMemory Memory { get; }

    /// <summary>Address of the image.</summary>
    public ulong Start { get; }

    /// <summary>SizeOfImage in bytes.</summary>
    public uint Size { get; }

    /// <summary>Where functions begin and end.</summary>
    public FunctionTable Functions { get; private set; }

    /// <summary>The cell that a call guarded by control flow guard goes through, its target in rax; 0 without one.</summary>
    public ulong GuardDispatchCell { get; private set; }

    /// <summary>Opens the image at an address; null when its headers cannot be read or are none of x64.</summary>
    public static DriverImage? TryOpen(CodeMemory memory, ulong start)
    {
        const uint peMark = 0x4550;
        if (!memory.TryReadUInt32(start + NewHeader, out uint header) || header > 0x1000 ||
            !memory.TryReadUInt32(start + header, out uint mark) || mark != peMark ||
            !memory.TryReadUInt16(start + header + 4, out ushort machine) || machine != Target.Machine.Amd64 ||
            !memory.TryReadUInt32(start + header + Optional + SizeOfImage, out uint size) || size > int.MaxValue)
        {
            return null;
        }

        var image = new DriverImage(memory, start, size);
        image.ReadSections(start + header);
        image.ReadDirectories(start + header + Optional);
        return image;
    }

    /// <summary>True for an address inside the image.</summary>
    public bool Contains(ulong address) => address - Start < Size;

    /// <summary>True for an address in a section of code.</summary>
    public bool IsCode(ulong address) => SectionAt(address) is { } section && (section.Flags & CanExecute) != 0;

    /// <summary>True for data that no code changes: read-only sections, and the import table, which the loader alone writes.</summary>
    public bool IsConstant(ulong address) =>
        Contains(address) &&
            (address - Start - importsBegin < importsSize || (SectionAt(address) is { } section && (section.Flags & CanWrite) == 0));

    /// <summary>The sections of code that stay in memory.</summary>
    public IEnumerable<(ulong Begin, ulong End)> CodeSections =>
        sections.Where(section => (section.Flags & CanExecute) != 0 && (section.Flags & IsDiscarded) == 0).Select(section =>
            (Start + section.Begin, Start + section.End));

    /// <summary>A pointer that never changes, such as an entry of the import table.</summary>
    public bool TryReadConstant(ulong address, out ulong pointer)
    {
        pointer = 0;
        return IsConstant(address) && Memory.TryReadUInt64(address, out pointer);
    }

    private (uint Begin, uint End, uint Flags)? SectionAt(ulong address)
    {
        foreach (var section in sections)
        {
            if (address - Start >= section.Begin && address - Start < section.End)
            {
                return section;
            }
        }

        return null;
    }

    private void ReadSections(ulong header)
    {
        Memory.TryReadUInt16(header + SectionCount, out ushort count);
        Memory.TryReadUInt16(header + OptionalSize, out ushort optionalSize);
        ulong table = header + Optional + optionalSize;
        for (int i = 0; i < Math.Min((int)count, MostSections); i++)
        {
            ulong row = table + (ulong)(i * SectionSize);
            if (Memory.TryReadUInt32(row + 8, out uint size) && Memory.TryReadUInt32(row + 12, out uint begin) &&
                Memory.TryReadUInt32(row + 36, out uint flags) && begin < Size)
            {
                sections.Add((begin, begin + Math.Min(size, Size - begin), flags));
            }
        }
    }

    private void ReadDirectories(ulong optional)
    {
        (uint table, uint tableSize) = Directory(ExceptionDirectory);
        Functions = new FunctionTable(Memory, Start, table, tableSize);
        (importsBegin, importsSize) = Directory(ImportAddressDirectory);
        (uint config, _) = Directory(ConfigDirectory);
        if (config != 0 && Memory.TryReadUInt32(Start + config, out uint configSize) && configSize >= GuardDispatch + sizeof(ulong) &&
            Memory.TryReadUInt64(Start + config + GuardDispatch, out ulong cell))
        {
            GuardDispatchCell = cell;
        }

        (uint At, uint Size) Directory(uint index) =>
            Memory.TryReadUInt32(optional + DirectoryCount, out uint count) && index < count &&
            Memory.TryReadUInt32(optional + Directories + index * 8, out uint at) &&
                Memory.TryReadUInt32(optional + Directories + index * 8 + 4, out uint size) && at < Size
                ? (at, Math.Min(size, Size - at))
                : (0, 0);
    }
}
