using System.Text;
using KernelImages.Scenarios;

namespace KernelImages.Kernel;

/// <summary>Where a thread lay that is no more: its last reference went, and the pool gave the memory to others.</summary>
internal static class GoneOwners
{
    private const ulong Nowhere = 0xffffc789_0badf040;

    /// <summary>Writes what lies there now.</summary>
    /// <returns>Where the thread lay.</returns>
    public static ulong Place(SyntheticKernel kernel, GoneOwner gone)
    {
        if (gone == GoneOwner.Nothing) return Nowhere;
        int size = kernel.Types.RequiredSizeOf("_ETHREAD");
        ulong address = kernel.Pool.AllocateObject(size);
        kernel.Memory.Map(address, size);
        if (gone == GoneOwner.Event) WaitWriter.WriteEvent(kernel, address);
        else kernel.Memory.Write(address,
            Encoding.Unicode.GetBytes(string.Concat(Enumerable.Repeat(@"\Device\HarddiskVolume3\Windows\System32\drivers\", size / 0x80))));
        return address;
    }
}
