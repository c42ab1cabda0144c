using Iced.Intel;
using LockLeak.Code.Images;
using Reg = Iced.Intel.Register;

namespace LockLeak.Code.Flow;

/// <summary>
/// Where the jumps of a switch lead. Compilers make them of a bound check and a table: MSVC of offsets from the image's
/// start, clang and gcc of offsets from the table, others of addresses.
/// </summary>
/// <param name="image">The image.</param>
/// <param name="code">The function, as far as it is decoded.</param>
/// <param name="isInside">True for an address in the function.</param>
internal sealed class JumpTables(DriverImage image, DecodedCode code, Func<ulong, bool> isInside)
{
    private const int MostCases = 1024;

    /// <summary>The targets of an indirect jump; none when it is no switch, or one of an unknown form.</summary>
    public IReadOnlyList<ulong> CasesOf(in Instruction jump)
    {
        if (Find(jump) is not { } table || CountOf(jump.IP, table.Index) is not { } count)
        {
            return [];
        }

        HashSet<ulong> found = [];
        for (int i = 0; i < count; i++)
        {
            ulong target = 0;
            bool read = table.IsOfAddresses
                ? image.Memory.TryReadUInt64(table.Start + (ulong)i * 8, out target)
                : image.Memory.TryReadUInt32(table.Start + (ulong)i * 4, out uint offset) &&
                    (target = table.Origin + (ulong)(int)offset) != 0;
            if (!read || !isInside(target))
            {
                // An entry that leads elsewhere: the bound was not the table's. What lies before it is not to be trusted.
                return [];
            }

            found.Add(target);
        }

        return [.. found];
    }

    private Table? Find(in Instruction jump)
    {
        if (jump.Op0Kind == OpKind.Memory)
        {
            return jump.MemoryIndex != Reg.None && jump.MemoryIndexScale == 8 &&
                (jump.MemoryBase == Reg.None ? 0 : AddressIn(jump.MemoryBase, jump.IP)) is { } start
                ? new Table(start + jump.MemoryDisplacement64, 0, true, jump.MemoryIndex)
                : null;
        }

        // jmp r: r is the sum of a table's entry and what the entries count from.
        Reg target = jump.Op0Register.GetFullRegister();
        foreach (DecodedInstruction before in code.Before(jump.IP))
        {
            ref readonly Instruction instruction = ref before.Value;
            if (!Writes(instruction, target))
            {
                continue;
            }

            if (instruction.Mnemonic == Mnemonic.Mov && instruction.Op1Kind == OpKind.Register)
            {
                target = instruction.Op1Register.GetFullRegister();
            }
            else if (instruction.Mnemonic == Mnemonic.Add && instruction.Op1Kind == OpKind.Register)
            {
                Reg other = instruction.Op1Register.GetFullRegister();
                return Entry(instruction.IP, target, other) ?? Entry(instruction.IP, other, target);
            }
            else
            {
                return null;
            }
        }

        return null;
    }

    // The table whose entry was loaded into one register, when another holds what it counts from.
    private Table? Entry(ulong before, Reg entry, Reg origin)
    {
        foreach (DecodedInstruction load in code.Before(before).Where(decoded => Writes(decoded.Value, entry)))
        {
            ref readonly Instruction instruction = ref load.Value;
            return instruction.Mnemonic is Mnemonic.Mov or Mnemonic.Movsxd && instruction.Op1Kind == OpKind.Memory &&
                instruction.MemoryIndex != Reg.None && instruction.MemoryIndexScale == 4 &&
                AddressIn(instruction.MemoryBase, instruction.IP) is { } start && AddressIn(origin, before) is { } from
                ? new Table(start + instruction.MemoryDisplacement64, from, false, instruction.MemoryIndex)
                : null;
        }

        return null;
    }

    // The address that a register was given by a lea: the nearest before, or the only one in the function.
    private ulong? AddressIn(Reg register, ulong before)
    {
        Reg full = register.GetFullRegister();
        foreach (DecodedInstruction nearest in code.Before(before).Where(decoded => Writes(decoded.Value, full)))
        {
            if (IsAddress(nearest.Value))
            {
                return nearest.Value.IPRelativeMemoryAddress;
            }

            break;
        }

        ulong? only = null;
        foreach (DecodedInstruction decoded in code.All.Where(decoded => Writes(decoded.Value, full) && IsAddress(decoded.Value)))
        {
            if (only is not null && only != decoded.Value.IPRelativeMemoryAddress)
            {
                return null;
            }

            only = decoded.Value.IPRelativeMemoryAddress;
        }

        return only;
    }

    // How many entries: from the comparison before the jump. Where MSVC takes the index itself out of a table of bytes, that
    // table is read for its greatest.
    private int? CountOf(ulong before, Reg index, bool throughBytes = false)
    {
        Mnemonic bound = Mnemonic.INVALID;
        foreach (DecodedInstruction decoded in code.Before(before))
        {
            ref readonly Instruction instruction = ref decoded.Value;
            if (instruction.Mnemonic is Mnemonic.Ja or Mnemonic.Jae)
            {
                bound = instruction.Mnemonic;
            }
            else if (bound != Mnemonic.INVALID && instruction.Mnemonic is Mnemonic.Cmp or Mnemonic.Sub && instruction.OpCount == 2 &&
                IsImmediate(instruction.Op1Kind))
            {
                ulong most = instruction.GetImmediate(1);
                return most < MostCases ? (int)most + (bound == Mnemonic.Ja ? 1 : 0) : null;
            }
            else if (!throughBytes && bound == Mnemonic.INVALID && instruction.Mnemonic == Mnemonic.Movzx &&
                instruction.Op1Kind == OpKind.Memory && Writes(instruction, index.GetFullRegister()))
            {
                return GreatestByte(instruction);
            }
        }

        return null;
    }

    private int? GreatestByte(in Instruction load)
    {
        (Reg start, Reg index) = load.MemoryIndex == Reg.None ? (Reg.None, load.MemoryBase)
            : AddressIn(load.MemoryBase, load.IP) is not null ? (load.MemoryBase, load.MemoryIndex) : (load.MemoryIndex, load.MemoryBase);
        if ((start == Reg.None ? 0 : AddressIn(start, load.IP)) is not { } table ||
            CountOf(load.IP, index, throughBytes: true) is not { } count)
        {
            return null;
        }

        byte[] bytes = new byte[count];
        return image.Memory.TryRead(table + load.MemoryDisplacement64, bytes) ? bytes.Max() + 1 : null;
    }

    private static bool IsAddress(in Instruction instruction) =>
        instruction.Mnemonic == Mnemonic.Lea && instruction.IsIPRelativeMemoryOperand;

    private static bool Writes(in Instruction instruction, Reg register) =>
        instruction.OpCount > 0 && instruction.Op0Kind == OpKind.Register && instruction.Op0Register.GetFullRegister() == register &&
            instruction.Mnemonic is not (Mnemonic.Cmp or Mnemonic.Test);

    private static bool IsImmediate(OpKind kind) =>
        kind is >= OpKind.Immediate8 and <= OpKind.Immediate32to64;

    private readonly record struct Table(ulong Start, ulong Origin, bool IsOfAddresses, Reg Index);
}
