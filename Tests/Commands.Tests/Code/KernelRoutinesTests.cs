using KernelImages;
using LockLeak.Code;
using LockLeak.Target;

namespace LockLeak.Tests.Code;

/// <summary>What is known of the kernel's routines is kept from command to command; the debugger's client is not.</summary>
[TestClass]
public sealed class KernelRoutinesTests
{
    [TestMethod]
    public void LaterCommandAsksItsOwnClient()
    {
        InMemoryTarget machine = Machines.Target("pushlock153");
        var client = new Client(machine.Symbols);
        KernelRoutines.Of(new OtherTarget(machine) { Symbols = client });
        client.IsGone = true;
        Assert.IsTrue(machine.Symbols.TryGetAddress("nt!KeBugCheckEx", out ulong address));

        Assert.IsTrue(KernelRoutines.Of(machine).IsWindows(address));
    }

    /// <summary>The symbols that a command has, which can be asked until it ends.</summary>
    private sealed class Client(ISymbols symbols) : ISymbols
    {
        public bool IsGone { get; set; }

        private ISymbols Symbols => IsGone ? throw new ObjectDisposedException("client") : symbols;

        public bool TryGetAddress(string name, out ulong address) => Symbols.TryGetAddress(name, out address);

        public SymbolName? At(ulong address) => Symbols.At(address);

        public string? ModuleVersion(ulong module) => Symbols.ModuleVersion(module);

        public bool TryEvaluate(string expression, out ulong value) => Symbols.TryEvaluate(expression, out value);

        public IReadOnlyList<StackFrame> Stack(ulong thread, int frames) => Symbols.Stack(thread, frames);
    }
}
