namespace LockLeak.Code.Values;

/// <summary>Arithmetic on the low bits of a number.</summary>
internal static class Bits
{
    /// <summary>Ones in the low bits.</summary>
    public static ulong Mask(int bits) => bits >= 64 ? ulong.MaxValue : (1UL << bits) - 1;

    /// <summary>The low bits of a number, the top one of them copied upwards.</summary>
    public static ulong SignExtend(ulong number, int bits) => bits is >= 64 or <= 0 ? number
        : (ulong)((long)(number << 64 - bits) >> 64 - bits);
}
