using System.Buffers.Binary;
using KdTarget.Machine;

namespace KdTarget.Requests;

/// <summary>DBGKD_GET_VERSION64: what the debugger learns first.</summary>
internal static class VersionRequest
{
    private const ushort FreeBuild = 0xf; // MajorVersion: 0xF a free, 0xC a checked build
    private const byte ProtocolVersion = 6; // DBGKD_64BIT_PROTOCOL_VERSION2
    private const byte ContextExVersion = 2; // KdSecondaryVersion: KD_SECONDARY_VERSION_AMD64_CONTEXT
    private const ushort Flags = 7; // DBGKD_VERS_FLAG_MP | _DATA | _PTR64
    private const ushort MachineAmd64 = 0x8664;

    // One more than the last packet type, state change and API number's low part that this target knows of.
    private const byte PacketTypes = 12, StateChanges = 3, Apis = 0x31;

    public static void GetVersion(Request request, IMachine machine)
    {
        Span<byte> version = request.Union;
        BinaryPrimitives.WriteUInt16LittleEndian(version, FreeBuild);
        BinaryPrimitives.WriteUInt16LittleEndian(version[2..], machine.Build);
        version[4] = ProtocolVersion;
        version[5] = ContextExVersion;
        BinaryPrimitives.WriteUInt16LittleEndian(version[6..], Flags);
        BinaryPrimitives.WriteUInt16LittleEndian(version[8..], MachineAmd64);
        version[10] = PacketTypes;
        version[11] = StateChanges;
        version[12] = Apis;
        version[13..16].Clear();
        request.Write(16, machine.KernelBase);
        request.Write(24, machine.LoadedModuleList);
        request.Write(32, machine.DebuggerDataList);
    }
}
