using System.Globalization;
using System.Text.Json.Serialization;

namespace LockLeak.Kernel;

/// <summary>An address of the target's kernel whose type says what lies there, so that a lock is never taken for a thread.</summary>
internal interface IKernelAddress
{
    /// <summary>The address; 0 where there is none.</summary>
    ulong Value { get; }
}

/// <summary>Address of an _ETHREAD, which is that of its _KTHREAD too.</summary>
/// <param name="Value">The address; 0 where there is none.</param>
[JsonConverter(typeof(WrittenByReports))]
internal readonly record struct ThreadAddress(ulong Value) : IKernelAddress
{
    /// <inheritdoc/>
    public override string ToString() => Address.Text(Value);
}

/// <summary>Address of an _EPROCESS.</summary>
/// <param name="Value">The address; 0 where there is none.</param>
[JsonConverter(typeof(WrittenByReports))]
internal readonly record struct ProcessAddress(ulong Value) : IKernelAddress
{
    /// <inheritdoc/>
    public override string ToString() => Address.Text(Value);
}

/// <summary>Address of a lock, of whatever kind.</summary>
/// <param name="Value">The address; 0 where there is none.</param>
[JsonConverter(typeof(WrittenByReports))]
internal readonly record struct LockAddress(ulong Value) : IKernelAddress
{
    /// <inheritdoc/>
    public override string ToString() => Address.Text(Value);
}

/// <summary>Address of a _KLOCK_ENTRY.</summary>
/// <param name="Value">The address; 0 where there is none.</param>
[JsonConverter(typeof(WrittenByReports))]
internal readonly record struct EntryAddress(ulong Value) : IKernelAddress
{
    /// <inheritdoc/>
    public override string ToString() => Address.Text(Value);
}

/// <summary>Addresses as text.</summary>
public static class Address
{
    /// <summary>"ffffc788`39108040", as WinDbg prints it.</summary>
    public static string Text(ulong address) =>
        string.Create(CultureInfo.InvariantCulture, $"{address >> 32:x8}`{address & 0xFFFF_FFFF:x8}");

    /// <summary>"0xffffc78839108040": 16 digits, for JSON.</summary>
    public static string Json(ulong address) => string.Create(CultureInfo.InvariantCulture, $"0x{address:x16}");
}
