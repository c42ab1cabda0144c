namespace LockLeak.Target;

/// <summary>Names for addresses, addresses for names, and call stacks.</summary>
public interface ISymbols
{
    /// <summary>The address of "module!name". Slow when the symbol is not there: ask once and keep the answer.</summary>
    bool TryGetAddress(string name, out ulong address);

    /// <summary>
    /// The code or data symbol nearest below an address, in a loaded or an unloaded module; null when no module is there.
    /// </summary>
    SymbolName? At(ulong address);

    /// <summary>
    /// Which build of a module it is: its file version, "10.0.22621.1", where the target holds the image's resources or a file of it is at
    /// hand.
    /// </summary>
    /// <param name="module">Base address of a loaded or unloaded module.</param>
    /// <returns>
    /// Without a file version the time stamp and size of the image, "5F3A12349000", as symbol servers name its file
    /// (https://learn.microsoft.com/windows/win32/debug/using-symsrv); null when neither is known.
    /// </returns>
    string? ModuleVersion(ulong module);

    /// <summary>Evaluates a debugger expression (MASM syntax: symbols, registers, <c>poi()</c>, hexadecimal numbers).</summary>
    /// <param name="expression">The whole expression.</param>
    /// <param name="value">Its value, sign-extended as the debugger does.</param>
    /// <returns>False when the debugger cannot evaluate it, or when something is left over after it.</returns>
    bool TryEvaluate(string expression, out ulong value);

    /// <summary>
    /// The kernel stack of a thread that is not running, newest frame first; the debugger's own context is left as it was.
    /// </summary>
    /// <param name="thread">_ETHREAD address.</param>
    /// <param name="frames">The most frames to return.</param>
    /// <returns>Empty when the stack cannot be walked.</returns>
    IReadOnlyList<StackFrame> Stack(ulong thread, int frames);
}

/// <summary>A symbol near an address.</summary>
/// <param name="Module">Module name without extension, such as "nt".</param>
/// <param name="Name">Symbol name without module; null when the module has no symbols.</param>
/// <param name="Displacement">Bytes from the symbol, or from the module's base when <paramref name="Name"/> is null.</param>
/// <param name="IsUnloaded">True when the module was unloaded before the target stopped.</param>
/// <param name="Source">"file.c:123" where the symbols have lines; else null.</param>
/// <param name="ModuleStart">The module's base address; 0 when it is not known.</param>
public sealed record SymbolName(string Module, string? Name, ulong Displacement, bool IsUnloaded = false, string? Source = null,
    ulong ModuleStart = 0)
{
    /// <summary>Module name without extension; the target says it, and may say anything.</summary>
    public string Module { get; init; } = PrintableText.Of(Module);

    /// <summary>Symbol name without module; null when the module has no symbols.</summary>
    public string? Name { get; init; } = Name is null ? null : PrintableText.Of(Name);

    /// <summary>"file.c:123" where the symbols have lines; else null.</summary>
    public string? Source { get; init; } = Source is null ? null : PrintableText.Of(Source);

    /// <summary>"nt!KeBugCheckEx+0x1f", "TestDriver+0x10e0" or "&lt;Unloaded_TestDriver&gt;+0x10e0", as the debugger prints it.</summary>
    public override string ToString()
    {
        string module = IsUnloaded ? $"<Unloaded_{Module}>" : Module;
        string name = Name is null ? module : $"{module}!{Name}";
        return Displacement == 0 && Name is not null ? name : $"{name}+0x{Displacement:x}";
    }
}

/// <summary>One frame of a stack.</summary>
/// <param name="Instruction">Return address into this frame's function, or the instruction pointer of the newest frame.</param>
/// <param name="Stack">The frame's stack pointer (Child-SP).</param>
public readonly record struct StackFrame(ulong Instruction, ulong Stack);
