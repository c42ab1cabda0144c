using Iced.Intel;
using LockLeak.Code;
using static Iced.Intel.AssemblerRegisters;

namespace LockLeak.Tests.Code;

/// <summary>
/// The forms in which a driver calls the kernel, written out by hand: a function that takes a lock, closes a file, and
/// returns with the lock held when that fails.
/// </summary>
[TestClass]
public sealed class CallFormsTests
{
    private static readonly CodeLimits Limits = CodeLimits.Prompt with { Time = TimeSpan.FromSeconds(60) };

    // Longer than the function that is written over it.
    private const string Place = "LargeFrameReturn";

    /// <summary>How a compiler, or the kernel's loader in its place, makes a call of an import.</summary>
    public enum Form
    {
        /// <summary>call [cell].</summary>
        Cell,

        /// <summary>mov rax,[cell]; call rax.</summary>
        Register,

        /// <summary>mov r10,[cell]; call routine: what the loader makes of a call that is marked for it.</summary>
        Direct,

        /// <summary>mov r10,[cell]; call thunk: the same on processors that need retpolines; the thunk lies behind the image.</summary>
        Retpoline,

        /// <summary>mov rax,[cell]; call thunk: a retpoline for any other call.</summary>
        RetpolineInRax,

        /// <summary>mov rax,[cell]; call [dispatch]: control flow guard.</summary>
        Guarded,
    }

    [TestMethod]
    [DataRow(Form.Cell)]
    [DataRow(Form.Register)]
    [DataRow(Form.Direct)]
    [DataRow(Form.Retpoline)]
    [DataRow(Form.RetpolineInRax)]
    [DataRow(Form.Guarded)]
    public void ACallIsFollowedWhateverItsForm(Form form)
    {
        var driver = new LoadedDriver(CorpusImages.Of("clang-O2-cfguard"));
        ulong start = driver.Exports[Place], branch = Write(driver, start, form);

        CodeSite site = new CodeSites(driver, () => false, Limits).OfStartRoutine(start, new WantedLock(0, null, null)).Sites.Single();

        Assert.AreEqual((SiteVerdict.CanReturn, "ExAcquirePushLockExclusiveEx"), (site.Verdict, site.Routine));
        Assert.AreEqual(branch, site.Branch);
        Assert.IsEmpty(site.Unless);
    }

    // Writes the function and returns the address of its branch.
    private static ulong Write(LoadedDriver driver, ulong start, Form form)
    {
        var code = new Assembler(64);
        Label end = code.CreateLabel();
        code.push(rbx);
        code.sub(rsp, 0x20);
        code.mov(rbx, rcx);
        code.xor(edx, edx);
        Call("ExAcquirePushLockExclusiveEx");
        code.mov(rcx, __[rbx + 0x28]);
        Call("ZwClose");
        code.test(eax, eax);
        code.js(end);
        code.mov(rcx, rbx);
        code.xor(edx, edx);
        Call("ExReleasePushLockExclusiveEx");
        code.Label(ref end);
        code.add(rsp, 0x20);
        code.pop(rbx);
        code.ret();

        using MemoryStream bytes = new();
        code.Assemble(new StreamCodeWriter(bytes), start);
        bytes.ToArray().CopyTo(driver.Bytes[(int)(start - LoadedDriver.Start)..]);
        Decoder decoder = Decoder.Create(64, bytes.ToArray(), start);
        return decoder.First(instruction => instruction.Mnemonic == Mnemonic.Js).IP;

        void Call(string routine)
        {
            ulong cell = driver.ImportCells[routine], thunk = LoadedDriver.Start + driver.Size + 0x40;
            switch (form)
            {
                case Form.Cell:
                    Through(cell);
                    break;
                case Form.Register:
                    Load(Register.RAX, cell);
                    code.call(rax);
                    break;
                case Form.Direct:
                    Load(Register.R10, cell);
                    code.call(AddressOf(driver, routine));
                    break;
                case Form.Retpoline:
                    Load(Register.R10, cell);
                    code.call(thunk);
                    break;
                case Form.RetpolineInRax:
                    Load(Register.RAX, cell);
                    code.call(thunk);
                    break;
                default:
                    Load(Register.RAX, cell);
                    Through(driver.GuardDispatchCell);
                    break;
            }
        }

        void Load(Register register, ulong cell) =>
            code.AddInstruction(Instruction.Create(Iced.Intel.Code.Mov_r64_rm64, register, new MemoryOperand(Register.RIP, (long)cell, 8)));

        void Through(ulong cell) =>
            code.AddInstruction(Instruction.Create(Iced.Intel.Code.Call_rm64, new MemoryOperand(Register.RIP, (long)cell, 8)));
    }

    private static ulong AddressOf(LoadedDriver driver, string routine) =>
        driver.TryGetAddress("nt!" + routine, out ulong address) ? address : throw new ArgumentException(routine);
}
