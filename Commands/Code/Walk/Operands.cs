using Iced.Intel;
using LockLeak.Code.Images;
using LockLeak.Code.Values;
using Reg = Iced.Intel.Register;
using Register = LockLeak.Code.Values.Register;

namespace LockLeak.Code.Walk;

/// <summary>What an instruction reads and where it writes, in a state.</summary>
internal sealed class Operands(DriverImage image, ValueFactory values)
{
    // Fresh values of one instruction: its result or another thing it makes, and registers that it was the first to name.
    private const int Made = 1, Named = 64;

    /// <summary>The number of a general register, or of the one that it is a part of; null for any other.</summary>
    public static Register? Number(Reg register) =>
        register.GetFullRegister() is >= Reg.RAX and <= Reg.R15 and var full ? (Register)(full - Reg.RAX) : null;

    /// <summary>An operand's width in bits.</summary>
    public static int Width(in Instruction instruction, int operand) => instruction.GetOpKind(operand) switch
    {
        OpKind.Register => instruction.GetOpRegister(operand).GetSize() * 8,
        OpKind.Memory => instruction.MemorySize.GetSize() * 8,
        _ => 64,
    };

    /// <summary>True when all operands are general registers, numbers, or memory of their size.</summary>
    public static bool AreGeneral(in Instruction instruction)
    {
        for (int i = 0; i < instruction.OpCount; i++)
        {
            bool general = instruction.GetOpKind(i) switch
            {
                OpKind.Register => Number(instruction.GetOpRegister(i)) is not null,
                OpKind.Memory => instruction.Mnemonic == Mnemonic.Lea || instruction.MemorySize.GetSize() is 1 or 2 or 4 or 8,
                _ => true,
            };
            if (!general)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A value that an instruction makes in a way that is not followed.</summary>
    public Value Make(MachineState state, in Instruction instruction, int which = 0)
    {
        Value made = values.Fresh(instruction.IP, Made + which);
        state.Forget(made);
        return made;
    }

    /// <summary>A whole register. One that is not known gets a name, so that a test of it is remembered.</summary>
    public Value Whole(MachineState state, Register register, ulong at)
    {
        if (state[register] is { IsUnknown: false } known)
        {
            return known;
        }

        Value name = values.Fresh(at, Named + (int)register);
        state.Forget(name);
        return state[register] = name;
    }

    /// <summary>A register or a part of one.</summary>
    public Value Get(MachineState state, Reg register, ulong at) => Number(register) switch
    {
        null => values.Unknown,
        { } number when IsHighByte(register) =>
            values.Low(values.Bitwise(ValueKind.ShiftRight, Whole(state, number, at), values.Number(8)), 8),
        { } number => values.Low(Whole(state, number, at), register.GetSize() * 8),
    };

    /// <summary>Writes a register or a part of one; a write of 32 bits clears the rest.</summary>
    public void Set(MachineState state, Reg register, Value value, in Instruction instruction)
    {
        int bits = register.GetSize() * 8;
        if (Number(register) is { } number)
        {
            state[number] = IsHighByte(register) ? Make(state, instruction)
                : bits >= 32 ? values.Low(value, bits)
                : values.Insert(Whole(state, number, instruction.IP), value, bits);
        }
    }

    /// <summary>The address of a memory operand.</summary>
    public Value Address(MachineState state, in Instruction instruction)
    {
        if (instruction.IsIPRelativeMemoryOperand)
        {
            return values.Number(instruction.IPRelativeMemoryAddress);
        }

        Value address = values.Number(instruction.MemoryDisplacement64);
        if (instruction.MemoryBase != Reg.None)
        {
            address = values.Sum(Get(state, instruction.MemoryBase, instruction.IP), address);
        }

        if (instruction.MemoryIndex != Reg.None)
        {
            int shift = System.Numerics.BitOperations.Log2((uint)instruction.MemoryIndexScale);
            address = values.Sum(address,
                values.Bitwise(ValueKind.ShiftLeft, Get(state, instruction.MemoryIndex, instruction.IP), values.Number((ulong)shift)));
        }

        return instruction.MemorySegment is Reg.GS or Reg.FS ? values.Sum(values.Input(ValueFactory.Segment), address) : address;
    }

    /// <summary>Reads an operand.</summary>
    public Value Read(MachineState state, in Instruction instruction, int operand) => instruction.GetOpKind(operand) switch
    {
        OpKind.Register => Get(state, instruction.GetOpRegister(operand), instruction.IP),
        OpKind.Memory =>
            Load(state, Address(state, instruction), instruction.FlowControl == FlowControl.Next ? Width(instruction, operand) : 64),
        OpKind.NearBranch16 or OpKind.NearBranch32 or OpKind.NearBranch64 => values.Number(instruction.NearBranchTarget),
        _ => values.Low(values.Number(instruction.GetImmediate(operand)), Width(instruction, 0)),
    };

    /// <summary>Writes an operand.</summary>
    public void Write(MachineState state, in Instruction instruction, int operand, Value value)
    {
        if (instruction.GetOpKind(operand) == OpKind.Register)
        {
            Set(state, instruction.GetOpRegister(operand), value, instruction);
            return;
        }

        Value address = Address(state, instruction);
        int bits = Width(instruction, operand);
        state.Memory.Write(address, values.Low(value, bits), bits);
        AssumeUsable(state, address);
    }

    private static bool IsHighByte(Reg register) => register is Reg.AH or Reg.BH or Reg.CH or Reg.DH;

    private Value Load(MachineState state, Value address, int bits)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        if (address.IsNumber && image.IsConstant(address.Number) && image.Memory.TryRead(address.Number, bytes[..(bits / 8)]))
        {
            return values.Number(BitConverter.ToUInt64(bytes));
        }

        AssumeUsable(state, address);
        return state.Memory.Read(address, bits);
    }

    private void AssumeUsable(MachineState state, Value address)
    {
        Value pointer = address.Split().Start ?? address;
        if (values.StackOffset(pointer) is null)
        {
            state.Facts.AssumeNotZero(pointer);
        }
    }
}
