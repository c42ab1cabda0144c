using System.Buffers.Binary;
using System.Text;

namespace KernelImages.Kernel;

/// <summary>The kernel's own variables and the page that it shares with user mode.</summary>
internal static class KernelVariables
{
    /// <summary>100 ns units in a clock tick (15.625 ms).</summary>
    private const uint TimeIncrement = 156250;
    private const ulong SharedUserData = 0xfffff780_00000000;
    private const uint FreeBuild = 0xf0000000;

    /// <summary>Clock ticks in a time.</summary>
    public static ulong TickCount(TimeSpan time) => (ulong)(time.Ticks / TimeIncrement);

    public static void Write(SyntheticKernel kernel)
    {
        Version version = kernel.Types.Version;
        SetLong(kernel, "KeNumberProcessors", (uint)kernel.Scenario.Processors);
        SetLong(kernel, "NtBuildNumber", FreeBuild | kernel.Types.Build);
        SetLong(kernel, "KeTimeIncrement", TimeIncrement);
        SetText(kernel, "NtBuildLab", $"{version.Build}.synthetic.amd64fre.240101-0000");
        SetText(kernel, "NtBuildLabEx", $"{version.Build}.{version.Revision}.amd64fre.synthetic.240101-0000");
        SetQuad(kernel, "PsNtosImageBase", kernel.Scenario.KernelBase);
        SetQuad(kernel, "MmSystemRangeStart", 0xffff8000_00000000);
        SetQuad(kernel, "MmHighestUserAddress", 0x7fff_fffeffff);
        SetQuad(kernel, "MmUserProbeAddress", 0x7fff_ffff0000);
        ResourceWriter.Link(kernel);
        // Zero on a machine that runs, and there to be read: a debugger looks at it when it attaches.
        var bug = kernel.BugCheck;
        kernel.Typed.SetQuads(kernel.Modules.Kernel("KiBugCheckData"),
            bug?.Code ?? 0, bug?.Parameter1 ?? 0, bug?.Parameter2 ?? 0, bug?.Parameter3 ?? 0, bug?.Parameter4 ?? 0);
        WriteSharedUserData(kernel);
        DebuggerDataBlock.Write(kernel);
    }

    /// <summary>Sets a 64-bit variable where the build has it.</summary>
    public static void SetQuad(SyntheticKernel kernel, string name, ulong value)
    {
        if (kernel.Modules.Kernel(name) is var address and not 0) kernel.Typed.SetQuads(address, value);
    }

    /// <summary>Sets a 32-bit variable where the build has it.</summary>
    public static void SetLong(SyntheticKernel kernel, string name, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        if (kernel.Modules.Kernel(name) is var address and not 0) kernel.Memory.Write(address, bytes);
    }

    private static void SetText(SyntheticKernel kernel, string name, string text)
    {
        if (kernel.Modules.Kernel(name) is var address and not 0) kernel.Memory.Write(address, Encoding.ASCII.GetBytes(text + '\0'));
    }

    private static void WriteSharedUserData(SyntheticKernel kernel)
    {
        const string Type = "_KUSER_SHARED_DATA";
        var typed = kernel.Typed;
        Version version = kernel.Types.Version;
        kernel.Memory.Map(SharedUserData, 0x1000);
        SetTime("SystemTime", (ulong)kernel.Scenario.Time.ToFileTimeUtc());
        SetTime("InterruptTime", (ulong)kernel.Scenario.Uptime.Ticks);
        typed.Set(Type, SharedUserData, "TickCountQuad", TickCount(kernel.Scenario.Uptime));
        typed.Set(Type, SharedUserData, "TickCountMultiplier", 0x0fa00000);
        typed.Set(Type, SharedUserData, "NtMajorVersion", (ulong)version.Major);
        typed.Set(Type, SharedUserData, "NtMinorVersion", (ulong)version.Minor);
        typed.Set(Type, SharedUserData, "NtBuildNumber", (ulong)version.Build);
        typed.Set(Type, SharedUserData, "NtProductType", 1);
        typed.Set(Type, SharedUserData, "ProductTypeIsValid", 1);
        typed.Set(Type, SharedUserData, "SuiteMask", 0x110);
        typed.Set(Type, SharedUserData, "ActiveProcessorCount", (ulong)kernel.Scenario.Processors);
        typed.Set(Type, SharedUserData, "NativeProcessorArchitecture", 9);
        typed.Set(Type, SharedUserData, "ImageNumberLow", 0x8664);
        typed.Set(Type, SharedUserData, "ImageNumberHigh", 0x8664);
        typed.Set(Type, SharedUserData, "NumberOfPhysicalPages", 0x200000);
        typed.Set(Type, SharedUserData, "NtSystemRoot", Encoding.Unicode.GetBytes(@"C:\Windows"));

        void SetTime(string field, ulong value)
        {
            typed.Set(Type, SharedUserData, field + ".LowPart", value & uint.MaxValue);
            typed.Set(Type, SharedUserData, field + ".High1Time", value >> 32);
            typed.Set(Type, SharedUserData, field + ".High2Time", value >> 32);
        }
    }
}
