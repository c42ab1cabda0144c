using Iced.Intel;
using LockLeak.Code.Values;
using Register = LockLeak.Code.Values.Register;

namespace LockLeak.Code.Walk;

/// <summary>What instructions other than jumps and calls do to a state. What has no rule here makes its results anew.</summary>
internal sealed class InstructionEffects(Operands operands, ValueFactory values)
{
    private readonly InstructionInfoFactory info = new();

    /// <summary>Applies one instruction.</summary>
    public void Apply(MachineState state, in Instruction instruction)
    {
        if (instruction.HasRepPrefix || instruction.HasRepnePrefix || !Operands.AreGeneral(instruction) || !TryApply(state, instruction))
        {
            ApplyOther(state, instruction);
        }
    }

    /// <summary>The condition that a conditional instruction looks at; null when it is not known.</summary>
    public Condition? ConditionOf(MachineState state, ConditionCode code)
    {
        var (kind, first, second, bits) = state.Flags;
        ConditionCode? against = (kind, code) switch
        {
            (FlagsKind.Comparison, _) => code switch
            {
                ConditionCode.s when second is { IsNumber: true, Number: 0 } => ConditionCode.l,
                ConditionCode.ns when second is { IsNumber: true, Number: 0 } => ConditionCode.ge,
                _ => code,
            },
            (FlagsKind.Result, ConditionCode.e or ConditionCode.ne) => code,
            (FlagsKind.Result, ConditionCode.s) => ConditionCode.l,
            (FlagsKind.Result, ConditionCode.ns) => ConditionCode.ge,
            (FlagsKind.Bit, ConditionCode.b) => ConditionCode.ne,
            (FlagsKind.Bit, ConditionCode.ae) => ConditionCode.e,
            _ => null,
        };
        if (against is not { } comparison || first.IsUnknown || second.IsUnknown)
        {
            return null;
        }

        Value left = values.Low(state.Facts.Settled(first), bits), right = values.Low(state.Facts.Settled(second), bits);
        return right.IsNumber ? Condition.Compare(values, comparison, left, right.Number, bits)
            : left.IsNumber && Mirrored(comparison) is { } mirrored ? Condition.Compare(values, mirrored, right, left.Number, bits)
            : Unequal(comparison, left, right, bits);
    }

    private bool TryApply(MachineState state, in Instruction i)
    {
        int bits = i.OpCount > 0 ? Operands.Width(i, 0) : 64;
        switch (i.Mnemonic)
        {
            case Mnemonic.Nop or Mnemonic.Endbr64 or Mnemonic.Pause or Mnemonic.Prefetchw or Mnemonic.Lfence:
                return true;
            case Mnemonic.Lea:
                operands.Write(state, i, 0, operands.Address(state, i));
                return true;
            case Mnemonic.Mov or Mnemonic.Movzx:
                operands.Write(state, i, 0, operands.Read(state, i, 1));
                return true;
            case Mnemonic.Movsx or Mnemonic.Movsxd:
                operands.Write(state, i, 0, values.SignExtend(operands.Read(state, i, 1), Operands.Width(i, 1)));
                return true;
            case Mnemonic.Cdqe:
                state[Register.Rax] = values.SignExtend(operands.Whole(state, Register.Rax, i.IP), 32);
                return true;
            case Mnemonic.Push or Mnemonic.Pop or Mnemonic.Leave:
                MoveStack(state, i);
                return true;
            case Mnemonic.Cmp:
                Value compared = operands.Read(state, i, 0), against = values.Low(operands.Read(state, i, 1), bits);
                state.Flags = new Flags(FlagsKind.Comparison, compared, against, bits);
                return true;
            case Mnemonic.Test:
                Value tested = operands.Read(state, i, 0), with = operands.Read(state, i, 1);
                Value both = ReferenceEquals(tested, with) ? tested : values.Low(values.Bitwise(ValueKind.And, tested, with), bits);
                state.Flags = new Flags(FlagsKind.Comparison, both, values.Number(0), bits);
                return true;
            case Mnemonic.Bt when i.Op1Kind != OpKind.Register:
                Value bit = values.Bitwise(ValueKind.And, operands.Read(state, i, 0), values.Number(1UL << (int)(i.GetImmediate(1) & 63)));
                state.Flags = new Flags(FlagsKind.Bit, bit, values.Number(0), bits);
                return true;
            case Mnemonic.Xchg when i.Op0Kind == OpKind.Register && i.Op1Kind == OpKind.Register:
                Value left = operands.Read(state, i, 0), right = operands.Read(state, i, 1);
                operands.Write(state, i, 0, right);
                operands.Write(state, i, 1, left);
                return true;
            case Mnemonic.Not:
                operands.Write(state, i, 0, values.Bitwise(ValueKind.Xor, operands.Read(state, i, 0), values.Number(Bits.Mask(bits))));
                return true;
            case Mnemonic.Add or Mnemonic.Sub or Mnemonic.Inc or Mnemonic.Dec when !i.HasLockPrefix:
            case Mnemonic.And or Mnemonic.Or or Mnemonic.Xor or Mnemonic.Shl or Mnemonic.Shr when !i.HasLockPrefix:
                Calculate(state, i, bits);
                return true;
            default:
                return i.ConditionCode != ConditionCode.None && i.Op0Kind == OpKind.Register && Choose(state, i);
        }
    }

    private void MoveStack(MachineState state, in Instruction i)
    {
        switch (i.Mnemonic)
        {
            case Mnemonic.Push:
                Value pushed = operands.Read(state, i, 0);
                state[Register.Rsp] = values.Add(operands.Whole(state, Register.Rsp, i.IP), unchecked((ulong)-8));
                state.Memory.Write(state.Stack, pushed, 64);
                break;
            case Mnemonic.Pop:
                Value popped = state.Memory.Read(operands.Whole(state, Register.Rsp, i.IP), 64);
                state[Register.Rsp] = values.Add(state.Stack, 8);
                operands.Write(state, i, 0, popped);
                break;
            default:
                Value frame = operands.Whole(state, Register.Rbp, i.IP);
                state[Register.Rbp] = state.Memory.Read(frame, 64);
                state[Register.Rsp] = values.Add(frame, 8);
                break;
        }
    }

    private void Calculate(MachineState state, in Instruction i, int bits)
    {
        Value a = operands.Read(state, i, 0), b = i.OpCount == 2 ? operands.Read(state, i, 1) : values.Number(1);
        bool isOneRegister = i.Op0Kind == OpKind.Register && i.Op1Kind == OpKind.Register && i.Op0Register == i.Op1Register;
        bool cancels = isOneRegister && i.Mnemonic is Mnemonic.Xor or Mnemonic.Sub;
        Value result = values.Low(cancels ? values.Number(0) : i.Mnemonic switch
        {
            // Numbers of 32 bits are signed here, so that "add eax,-1" is one less and not 4 billion more.
            Mnemonic.Add or Mnemonic.Inc => b.IsNumber ? values.Add(a, Bits.SignExtend(b.Number, bits)) : values.Sum(a, b),
            Mnemonic.Sub or Mnemonic.Dec => b.IsNumber ? values.Add(a, 0 - Bits.SignExtend(b.Number, bits)) : values.Subtract(a, b),
            Mnemonic.And => values.Bitwise(ValueKind.And, a, b),
            Mnemonic.Or => values.Bitwise(ValueKind.Or, a, b),
            Mnemonic.Xor => values.Bitwise(ValueKind.Xor, a, b),
            Mnemonic.Shl => values.Bitwise(ValueKind.ShiftLeft, a, b),
            _ => values.Bitwise(ValueKind.ShiftRight, a, b),
        }, bits);
        state.Flags = i.Mnemonic switch
        {
            Mnemonic.Sub => new Flags(FlagsKind.Comparison, a, b, bits),
            Mnemonic.And or Mnemonic.Or or Mnemonic.Xor => new Flags(FlagsKind.Comparison, result, values.Number(0), bits),
            _ => new Flags(FlagsKind.Result, result, values.Number(0), bits),
        };
        operands.Write(state, i, 0, result.IsUnknown ? operands.Make(state, i) : result);
    }

    // setcc and cmovcc.
    private bool Choose(MachineState state, in Instruction i)
    {
        Condition? condition = ConditionOf(state, i.ConditionCode);
        bool rests = false;
        bool? holds = condition is { } known && state.Facts.Decide(known, out rests) is { } answer && !rests ? answer : null;
        bool isFlag = i.OpCount == 1;
        Value yes = isFlag ? values.Number(1) : operands.Read(state, i, 1), no = isFlag ? values.Number(0) : operands.Read(state, i, 0);
        Value result = holds is { } sure ? sure ? yes : no
            : condition is { } test && yes.IsNumber && no.IsNumber && yes.Number + no.Number == 1
                ? (yes.Number == 1 ? test : test.Negated).Truth(values)
            : yes.IsSame(no) ? yes : values.Unknown;
        operands.Write(state, i, 0, result.IsUnknown ? operands.Make(state, i) : result);
        return true;
    }

    private void ApplyOther(MachineState state, in Instruction i)
    {
        InstructionInfo used = info.GetInfo(i);
        int made = 0;
        foreach (UsedMemory memory in used.GetUsedMemory())
        {
            if (IsWritten(memory.Access))
            {
                // A string instruction writes through rdi, more than is told; all others write their operand.
                bool isOperand = memory.Base == i.MemoryBase && memory.Index == i.MemoryIndex;
                Value address = isOperand ? operands.Address(state, i) : operands.Get(state, memory.Base, i.IP);
                for (int at = 0; at < Math.Clamp(memory.MemorySize.GetSize(), 8, 64); at += 8)
                {
                    state.Memory.Write(values.Add(address, (ulong)at), operands.Make(state, i, ++made), 64);
                }
            }
        }

        foreach (UsedRegister register in used.GetUsedRegisters())
        {
            if (IsWritten(register.Access) && Operands.Number(register.Register) is { } number and not Register.Rsp)
            {
                state[number] = operands.Make(state, i, 16 + (int)number);
            }
        }

        if (i.RflagsModified != RflagsBits.None)
        {
            state.Flags = default;
        }
    }

    private Condition? Unequal(ConditionCode code, Value a, Value b, int bits)
    {
        if (a.IsUnknown || b.IsUnknown)
        {
            return null;
        }

        (Value? subject, bool whenZero) = code switch
        {
            ConditionCode.e => (values.Low(values.Subtract(a, b), bits), true),
            ConditionCode.ne => (values.Low(values.Subtract(a, b), bits), false),
            ConditionCode.b => (values.IsLess(a, b, false, bits), false),
            ConditionCode.ae => (values.IsLess(a, b, false, bits), true),
            ConditionCode.a => (values.IsLess(b, a, false, bits), false),
            ConditionCode.be => (values.IsLess(b, a, false, bits), true),
            ConditionCode.l => (values.IsLess(a, b, true, bits), false),
            ConditionCode.ge => (values.IsLess(a, b, true, bits), true),
            ConditionCode.g => (values.IsLess(b, a, true, bits), false),
            ConditionCode.le => (values.IsLess(b, a, true, bits), true),
            _ => ((Value?)null, false),
        };
        if (subject is not { IsUnknown: false })
        {
            return null;
        }

        Condition isZero = Condition.IsZero(values, subject, 64);
        return whenZero ? isZero : isZero.Negated;
    }

    private static ConditionCode? Mirrored(ConditionCode code) => code switch
    {
        ConditionCode.e or ConditionCode.ne => code,
        ConditionCode.b => ConditionCode.a,
        ConditionCode.a => ConditionCode.b,
        ConditionCode.ae => ConditionCode.be,
        ConditionCode.be => ConditionCode.ae,
        ConditionCode.l => ConditionCode.g,
        ConditionCode.g => ConditionCode.l,
        ConditionCode.le => ConditionCode.ge,
        ConditionCode.ge => ConditionCode.le,
        _ => null,
    };

    private static bool IsWritten(OpAccess access) =>
        access is OpAccess.Write or OpAccess.ReadWrite or OpAccess.CondWrite or OpAccess.ReadCondWrite;
}
