using System.Buffers.Binary;

namespace LockLeak.Code.Images;

/// <summary>A row of .pdata: a function, or a part of one.</summary>
/// <param name="Begin">Its first byte, from the image's start.</param>
/// <param name="End">The byte after its last.</param>
/// <param name="Unwind">Its unwind information, from the image's start.</param>
internal readonly record struct FunctionPart(uint Begin, uint End, uint Unwind);

/// <summary>A __try block with an exception handler of the same function.</summary>
/// <param name="Begin">First address of the guarded code.</param>
/// <param name="End">The address after it.</param>
/// <param name="Handler">Where the handler's code begins.</param>
internal readonly record struct GuardedCode(ulong Begin, ulong End, ulong Handler);

/// <summary>
/// The image's .pdata and what it points to (https://learn.microsoft.com/cpp/build/exception-handling-x64). The rows
/// are in order; each question reads a few of them.
/// </summary>
/// <param name="memory">The memory.</param>
/// <param name="image">Address of the image.</param>
/// <param name="start">Where .pdata is, from the image's start.</param>
/// <param name="size">Its size in bytes.</param>
internal sealed class FunctionTable(CodeMemory memory, ulong image, uint start, uint size)
{
    private const int RowSize = 12, LongestChain = 8, MostGuarded = 64;
    private const int HasExceptionHandler = 1, HasTerminationHandler = 2, IsChained = 4;

    // The row that was found last: the next question is mostly for the same function.
    private FunctionPart? last;

    /// <summary>The row that an address lies in; null for a function that has none because it neither moves the stack nor calls.</summary>
    public FunctionPart? PartAt(ulong address)
    {
        ulong offset = address - image;
        if (last is { } known && offset >= known.Begin && offset < known.End)
        {
            return known;
        }

        uint low = 0, high = size / RowSize;
        while (low < high)
        {
            uint middle = (low + high) / 2;
            if (Row(image + start + middle * RowSize) is not { } row)
            {
                return null;
            }

            if (offset < row.Begin)
            {
                high = middle;
            }
            else if (offset >= row.End)
            {
                low = middle + 1;
            }
            else
            {
                return last = row;
            }
        }

        return null;
    }

    /// <summary>The row of the function that an address belongs to; a part that lies elsewhere leads to it.</summary>
    public FunctionPart? FunctionAt(ulong address)
    {
        if (PartAt(address) is not { } part)
        {
            return null;
        }

        for (int i = 0; i < LongestChain && ParentOf(part) is { } parent; i++)
        {
            part = parent;
        }

        return part;
    }

    /// <summary>True when a function's prologue neither saves a register nor moves the stack.</summary>
    public bool HasNoFrame(FunctionPart function)
    {
        Span<byte> head = stackalloc byte[4];
        return memory.TryRead(image + function.Unwind, head) && head[2] == 0;
    }

    /// <summary>The __try blocks of a function, from the scope table of __C_specific_handler.</summary>
    public IReadOnlyList<GuardedCode> GuardedCodeOf(FunctionPart function)
    {
        ulong unwind = image + function.Unwind;
        Span<byte> head = stackalloc byte[4];
        if (!memory.TryRead(unwind, head) || (head[0] >> 3 & (HasExceptionHandler | HasTerminationHandler)) == 0 ||
            (head[0] >> 3 & IsChained) != 0)
        {
            return [];
        }

        ulong table = AfterCodes(unwind, head[2]) + sizeof(uint);
        if (!memory.TryReadUInt32(table, out uint count) || count is 0 or > MostGuarded)
        {
            return [];
        }

        // Other languages keep other tables here; they do not look like this one throughout.
        List<GuardedCode> found = [];
        for (ulong row = table + 4; row < table + 4 + count * 16; row += 16)
        {
            if (!memory.TryReadUInt32(row, out uint begin) || !memory.TryReadUInt32(row + 4, out uint end) ||
                !memory.TryReadUInt32(row + 12, out uint handler) ||
                begin >= end || !IsIn(begin) || end > function.End || (handler != 0 && !IsIn(handler)))
            {
                return [];
            }

            if (handler != 0)
            {
                found.Add(new GuardedCode(image + begin, image + end, image + handler));
            }
        }

        return found;

        bool IsIn(uint offset) => offset >= function.Begin && offset < function.End;
    }

    private FunctionPart? ParentOf(FunctionPart part)
    {
        // An odd unwind address points to another row.
        if ((part.Unwind & 1) != 0)
        {
            return Row(image + part.Unwind - 1);
        }

        Span<byte> head = stackalloc byte[4];
        ulong unwind = image + part.Unwind;
        return memory.TryRead(unwind, head) && (head[0] >> 3 & IsChained) != 0 ? Row(AfterCodes(unwind, head[2])) : null;
    }

    // Behind the header and the unwind codes, whose number is made even.
    private static ulong AfterCodes(ulong unwind, byte codes) => unwind + 4 + (ulong)((codes + 1 & ~1) * 2);

    private FunctionPart? Row(ulong address)
    {
        Span<byte> row = stackalloc byte[RowSize];
        return memory.TryRead(address, row)
            ? new FunctionPart(Number(row), Number(row[4..]), Number(row[8..]))
            : null;

        static uint Number(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }
}
