using System.Buffers.Binary;

namespace KernelImages.Symbols;

/// <summary>The container of a PDB (MSF 7.00): numbered streams made of blocks. Streams keep their size.</summary>
internal sealed class MsfFile
{
    private const int BlockSizeAt = 32, DirectorySizeAt = 44, DirectoryBlockAt = 52;

    private readonly byte[] _bytes;
    private readonly int _blockSize;
    private readonly List<(int Size, int[] Blocks)> _streams = [];

    private MsfFile(byte[] bytes)
    {
        _bytes = bytes;
        _blockSize = Number(BlockSizeAt);
        int size = Number(DirectorySizeAt);
        int[] blocks = [.. Enumerable.Range(0, BlocksOf(size)).Select(i => Number(Number(DirectoryBlockAt) * _blockSize + 4 * i))];
        byte[] directory = Gather(size, blocks);
        int count = BinaryPrimitives.ReadInt32LittleEndian(directory);
        int next = 4 + 4 * count;
        for (int stream = 0; stream < count; stream++)
        {
            int length = Math.Max(0, BinaryPrimitives.ReadInt32LittleEndian(directory.AsSpan(4 + 4 * stream)));
            int[] own = new int[BlocksOf(length)];
            for (int i = 0; i < own.Length; i++, next += 4) own[i] = BinaryPrimitives.ReadInt32LittleEndian(directory.AsSpan(next));
            _streams.Add((length, own));
        }
    }

    public static MsfFile Read(string path) => new(File.ReadAllBytes(path));

    public void Save(string path) => File.WriteAllBytes(path, _bytes);

    public byte[] ReadStream(int stream) => Gather(_streams[stream].Size, _streams[stream].Blocks);

    /// <summary>Overwrites bytes inside a stream.</summary>
    public void WriteStream(int stream, int offset, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            _bytes[_streams[stream].Blocks[offset / _blockSize] * _blockSize + offset % _blockSize] = value;
            offset++;
        }
    }

    private byte[] Gather(int size, int[] blocks)
    {
        byte[] stream = new byte[size];
        for (int i = 0; i < blocks.Length; i++)
        {
            int start = i * _blockSize;
            _bytes.AsSpan(blocks[i] * _blockSize, Math.Min(_blockSize, size - start)).CopyTo(stream.AsSpan(start));
        }
        return stream;
    }

    private int BlocksOf(int size) => (size + _blockSize - 1) / _blockSize;

    private int Number(int offset) => BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(offset));
}
