using System.Globalization;

namespace LockLeak.Kernel;

/// <summary>Addresses as text.</summary>
public static class Address
{
    /// <summary>"ffffc788`39108040", as WinDbg prints it.</summary>
    public static string Text(ulong address) => string.Create(CultureInfo.InvariantCulture, $"{address >> 32:x8}`{address & 0xFFFF_FFFF:x8}");

    /// <summary>"0xffffc78839108040": 16 digits, for JSON.</summary>
    public static string Json(ulong address) => string.Create(CultureInfo.InvariantCulture, $"0x{address:x16}");
}
