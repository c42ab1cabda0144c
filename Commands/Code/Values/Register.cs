namespace LockLeak.Code.Values;

/// <summary>The general registers, as the instruction set numbers them.</summary>
internal enum Register : byte
{
    Rax,
    Rcx,
    Rdx,
    Rbx,
    Rsp,
    Rbp,
    Rsi,
    Rdi,
    R8,
    R9,
    R10,
    R11,
    R12,
    R13,
    R14,
    R15,
}

/// <summary>
/// What the x64 calling convention says of registers
/// (https://learn.microsoft.com/cpp/build/x64-calling-convention).
/// </summary>
internal static class CallingConvention
{
    /// <summary>A function must leave these as they were.</summary>
    public static readonly int[] Kept =
        [(int)Register.Rbx, (int)Register.Rsp, (int)Register.Rbp, (int)Register.Rsi, (int)Register.Rdi, (int)Register.R12,
            (int)Register.R13, (int)Register.R14, (int)Register.R15];

    /// <summary>A function may leave anything in these.</summary>
    public static readonly int[] Lost =
        [(int)Register.Rax, (int)Register.Rcx, (int)Register.Rdx, (int)Register.R8, (int)Register.R9, (int)Register.R10, (int)Register.R11];

    /// <summary>The first four arguments.</summary>
    public static readonly int[] Arguments = [(int)Register.Rcx, (int)Register.Rdx, (int)Register.R8, (int)Register.R9];

    /// <summary>Bytes from the stack pointer before a call to its fifth argument.</summary>
    public const ulong FifthArgument = 0x20;
}
