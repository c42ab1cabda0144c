using Iced.Intel;
using LockLeak.Code.Images;

namespace LockLeak.Code;

/// <summary>
/// Finds the code that refers to an address in its driver's data. The code is searched for displacements that lead
/// there, and only what holds one is decoded, from its function's begin: so it is surely an instruction.
/// </summary>
internal sealed class DataReferences(DriverImage image, CodeBudget budget)
{
    // A displacement counts from the end of its instruction: behind it comes nothing, or a number of 1, 2 or 4 bytes.
    private const ulong LongestRest = 4;

    /// <summary>The instructions that refer to an address, in order.</summary>
    public IEnumerable<ulong> To(ulong address)
    {
        foreach ((ulong begin, ulong end) in image.CodeSections)
        {
            // The last bytes of a block and the first of the next may be one displacement.
            ulong carried = 0;
            int known = 0;
            for (ulong at = begin; at < end && budget.MayGoOn();)
            {
                byte[] block = image.Memory.At(at).ToArray();
                int count = (int)Math.Min((ulong)block.Length, end - at);
                for (int i = 0; i < count; i++)
                {
                    carried = carried >> 8 | (ulong)block[i] << 24;
                    ulong next = at + (ulong)i + 1;
                    if (++known >= sizeof(int) && address - (next + (ulong)(int)(uint)carried) <= LongestRest &&
                        At(next - sizeof(int), address) is { } found)
                    {
                        yield return found;
                    }
                }

                // What cannot be read is passed over, a page at a time.
                known = count == 0 ? 0 : known;
                at += count == 0 ? 0x1000 - (at & 0xFFF) : (ulong)count;
            }
        }
    }

    // The instruction that a displacement lies in, when it refers to the address.
    private ulong? At(ulong displacement, ulong address)
    {
        if (image.Functions.PartAt(displacement) is not { } part)
        {
            return null;
        }

        ulong start = image.Start + part.Begin;
        Decoder decoder = Decoder.Create(64, new CodeStream(image.Memory, start), start);
        while (decoder.IP <= displacement && decoder.LastError != DecoderError.NoMoreBytes && budget.MayGoOn())
        {
            decoder.Decode(out Instruction instruction);
            if (displacement < decoder.IP)
            {
                return instruction.IsIPRelativeMemoryOperand && instruction.IPRelativeMemoryAddress == address ? instruction.IP : null;
            }
        }

        return null;
    }
}
