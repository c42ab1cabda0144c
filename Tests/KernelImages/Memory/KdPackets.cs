namespace KernelImages.Memory;

/// <summary>The packets of a KD link that a read takes: the target's answer never crosses a page.</summary>
public static class KdPackets
{
    /// <summary>Most data bytes in one, as the engine splits its reads (measured with the KD target).</summary>
    private const int MostBytes = 0xF68;

    /// <summary>How many packets answer a read; neither the engine's cache nor its widening of small reads is counted.</summary>
    public static int Of(ulong address, int size)
    {
        int packets = 0;
        for (ulong at = address, end = address + (ulong)size; at < end; packets++)
            at += Math.Min(Math.Min(MostBytes, AddressSpace.PageSize - at % AddressSpace.PageSize), end - at);
        return packets;
    }
}
