using System.Buffers.Binary;
using System.Text;
using KernelImages.Scenarios;
using LockLeak.Layouts;

namespace KernelImages.Kernel;

/// <summary>PsLoadedModuleList, the images it lists, and MmUnloadedDrivers.</summary>
internal static class LoadedModules
{
    /// <summary>MI_UNLOADED_DRIVERS: the kernel keeps the last 50, each a UNICODE_STRING, start, end and time.</summary>
    private const int UnloadedDrivers = 50;
    private const int UnloadedDriverSize = 0x28;

    private const string FileServer = "srv", ComputerName = "SrvComputerName";

    private static readonly Dictionary<string, LayoutSymbol> NoSymbols = [];

    /// <summary>
    /// https://learn.microsoft.com/windows-hardware/drivers/debugger/finding-the-computer-name-in-a-kernel-mode-dump-file
    /// </summary>
    private static readonly Dictionary<string, LayoutSymbol> FileServerSymbols = new() { [ComputerName] = new(0x1000, 16, false) };

    public static ModuleMap Map(Scenario scenario, KernelTypes types, IReadOnlyList<ModuleImage> images)
    {
        uint withoutImage = types.Symbols.Values.Max(symbol => symbol.Address) + 0x2000 & ~0xfffu;
        List<KernelModule> modules = [new("nt", "ntoskrnl.exe", scenario.KernelBase, SizeOf("nt", withoutImage), false, types.Symbols)];
        foreach (DriverSpec driver in scenario.Drivers)
        {
            bool known = driver.Name is "TestDriver" or FileServer && !driver.Unloaded;
            uint size = SizeOf(driver.Name, TestDriver.Size);
            modules.Add(new(driver.Name, driver.Name + ".sys", driver.Base, size, driver.Unloaded,
                !known ? NoSymbols : driver.Name == FileServer ? FileServerSymbols : TestDriver.Symbols));
        }
        return new ModuleMap([.. modules.Select(module =>
            module with { TimeDateStamp = module.Unloaded ? 0 : ImageOf(module.Name)?.TimeDateStamp ?? 0 })]);

        ModuleImage? ImageOf(string module) => images.FirstOrDefault(image => image.Module == module);
        uint SizeOf(string module, uint otherwise) => ImageOf(module)?.Size ?? otherwise;
    }

    public static void Write(SyntheticKernel kernel, IReadOnlyList<ModuleImage> images)
    {
        string entryType = kernel.Types.SizeOf("_KLDR_DATA_TABLE_ENTRY") is null ? "_LDR_DATA_TABLE_ENTRY" : "_KLDR_DATA_TABLE_ENTRY";
        List<ulong> links = [];
        foreach (KernelModule module in kernel.Modules.Modules.Where(module => !module.Unloaded))
        {
            ModuleImage? image = images.FirstOrDefault(image => image.Module == module.Name);
            if (image is not null) Load(kernel, module, image);
            links.Add(WriteEntry(kernel, entryType, module, image) + kernel.Types.OffsetOf(entryType, "InLoadOrderLinks"));
        }
        kernel.Typed.LinkList(kernel.Modules.Kernel("PsLoadedModuleList"), links);
        if (kernel.Scenario.MachineName is { } name) WriteName(kernel, kernel.Modules.Resolve($"{FileServer}!{ComputerName}"), name);
        WriteUnloaded(kernel, [.. kernel.Modules.Modules.Where(module => module.Unloaded)]);
    }

    private static void Load(SyntheticKernel kernel, KernelModule module, ModuleImage image)
    {
        foreach ((uint rva, byte[] page) in image.Pages) kernel.Memory.Write(module.Base + rva, page);
        // The loader writes the actual base into the optional header (ImageBase at 0x30 of the PE header).
        uint header = BinaryPrimitives.ReadUInt32LittleEndian(image.Pages[0].AsSpan(0x3c));
        kernel.Typed.SetQuads(module.Base + header + 0x30, module.Base);
        ImportTable.Bind(kernel, module);
        if (module.Name == "nt") VersionResource.Write(kernel, module.Base, kernel.Types.Version);
    }

    private static ulong WriteEntry(SyntheticKernel kernel, string type, KernelModule module, ModuleImage? image)
    {
        bool isKernel = module.Name == "nt";
        ulong entry = kernel.Pool.Allocate(kernel.Types.RequiredSizeOf(type));
        kernel.Typed.Set(type, entry, "DllBase", module.Base);
        kernel.Typed.Set(type, entry, "EntryPoint", module.Base + 0x1000);
        kernel.Typed.Set(type, entry, "SizeOfImage", module.Size);
        kernel.Typed.Set(type, entry, "TimeDateStamp", image?.TimeDateStamp ?? 0);
        kernel.Typed.Set(type, entry, "CheckSum", image?.CheckSum ?? 0);
        kernel.Typed.Set(type, entry, "LoadCount", 1);
        kernel.Typed.Set(type, entry, "Flags", isKernel ? 0x08804000u : 0x49104000u);
        WriteName(kernel, entry + kernel.Types.OffsetOf(type, "FullDllName"),
            (isKernel ? @"\SystemRoot\system32\" : @"\SystemRoot\System32\drivers\") + module.FileName);
        WriteName(kernel, entry + kernel.Types.OffsetOf(type, "BaseDllName"), module.FileName);
        return entry;
    }

    private static void WriteUnloaded(SyntheticKernel kernel, IReadOnlyList<KernelModule> modules)
    {
        ulong table = kernel.Pool.Allocate(UnloadedDrivers * UnloadedDriverSize);
        kernel.Memory.Map(table, UnloadedDrivers * UnloadedDriverSize);
        for (int i = 0; i < modules.Count; i++)
        {
            ulong row = table + (ulong)(i * UnloadedDriverSize);
            WriteName(kernel, row, modules[i].FileName);
            kernel.Typed.SetQuads(row + 0x10, modules[i].Base, modules[i].Base + modules[i].Size,
                (ulong)kernel.Scenario.Time.ToFileTimeUtc());
        }
        KernelVariables.SetQuad(kernel, "MmUnloadedDrivers", table);
        KernelVariables.SetLong(kernel, "MmLastUnloadedDriver", (uint)modules.Count);
    }

    private static void WriteName(SyntheticKernel kernel, ulong address, string text) =>
        kernel.Typed.SetUnicodeString(address, text, kernel.Pool.Allocate(Encoding.Unicode.GetByteCount(text) + 2));
}
