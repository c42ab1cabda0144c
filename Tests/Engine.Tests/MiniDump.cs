using System.Buffers.Binary;

namespace LockLeak.Engine.Tests;

/// <summary>The smallest dump of a process that the engine opens: one thread with its registers (MINIDUMP_* of minidumpapiset.h).</summary>
internal static class MiniDump
{
    private const int Directory = 0x20, SystemInfo = 0x50, ServicePack = 0x90, Threads = 0xA0, Modules = 0xE0, Context = 0x100,
    ContextSize = 1232;

    /// <summary>Writes it.</summary>
    public static void Write(string path)
    {
        byte[] file = new byte[Context + ContextSize];
        Put(0, 0x504D_444D, 0xA793, 3, Directory); // "MDMP", version, number of streams
        Put(Directory, 7, 56, SystemInfo); // SystemInfoStream: x64, level 6, one processor, a workstation, 10.0.19041, NT
        Put(SystemInfo, 0x0006_0009, 0x0101_0000, 10, 0, 19041, 2, ServicePack);
        Put(Directory + 12, 3, 52, Threads); // ThreadListStream: one, with no stack
        Put(Threads, 1, 0x44);
        Put(Threads + 4 + 40, ContextSize, Context);
        Put(Directory + 24, 4, 4, Modules); // ModuleListStream: none
        Put(Context + 0x30, 0x0010_001F); // CONTEXT_ALL
        File.WriteAllBytes(path, file);

        void Put(int offset, params ReadOnlySpan<uint> values)
        {
            foreach (uint value in values)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(offset), value);
                offset += sizeof(uint);
            }
        }
    }
}
