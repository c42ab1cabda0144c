using System.Buffers.Binary;
using System.Text;

namespace KernelImages.Kernel;

/// <summary>A driver's import table, bound to the kernel as its loader does it (IMAGE_IMPORT_DESCRIPTOR).</summary>
internal static class ImportTable
{
    private const uint PeHeaderAt = 0x3c, ImportDirectory = 24 + 112 + 8, DescriptorSize = 20, LongestName = 128;

    /// <summary>Writes the addresses of the kernel's routines into a loaded image.</summary>
    public static void Bind(SyntheticKernel kernel, KernelModule module)
    {
        ulong directory = module.Base + Number(kernel, module.Base + PeHeaderAt) + ImportDirectory;
        uint table = Number(kernel, directory);
        for (ulong row = module.Base + table; table != 0 && Number(kernel, row + 12) != 0; row += DescriptorSize)
        {
            ulong names = module.Base + Number(kernel, row), cells = module.Base + Number(kernel, row + 16);
            for (uint i = 0; Number(kernel, names + i * 8) is not 0 and var name; i++)
            {
                string routine = Text(kernel, module.Base + name + 2);

                // What the layouts do not know lies somewhere in the kernel, where there is no name.
                ulong known = kernel.Modules.Kernel(routine);
                kernel.Typed.SetQuads(cells + i * 8, known != 0 ? known : kernel.Modules.Modules[0].Base + 0x1000 + i * 0x10);
            }
        }
    }

    private static uint Number(SyntheticKernel kernel, ulong address)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        return kernel.Memory.Read(address, bytes) == bytes.Length ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;
    }

    private static string Text(SyntheticKernel kernel, ulong address)
    {
        byte[] bytes = new byte[LongestName];
        int count = kernel.Memory.Read(address, bytes);
        return Encoding.ASCII.GetString(bytes, 0, Math.Max(0, Array.IndexOf(bytes, (byte)0, 0, count)));
    }
}
