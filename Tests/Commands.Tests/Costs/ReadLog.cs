using KernelImages;
using KernelImages.Memory;
using LockLeak.Target;

namespace LockLeak.Tests.Costs;

/// <summary>The reads of a command, as a debugger on a slow link would see them.</summary>
internal sealed class ReadLog
{
    private readonly List<(ulong Address, int Size)> reads = [];

    private ReadLog()
    {
    }

    /// <summary>Address and size of each read, in order.</summary>
    public IReadOnlyList<(ulong Address, int Size)> Reads => reads;

    /// <summary>Bytes asked for.</summary>
    public long Bytes => reads.Sum(read => read.Size);

    /// <summary>Packets that answer them.</summary>
    public int Packets => reads.Sum(read => KdPackets.Of(read.Address, read.Size));

    /// <summary>Runs a command that has to succeed and keeps its reads.</summary>
    public static ReadLog Of(InMemoryTarget target, string line)
    {
        var log = new ReadLog();
        target.OnRead = (address, size) => log.reads.Add((address, size));
        Answer answer = Session.Run(target, line);
        target.OnRead = null;
        Assert.AreEqual(CommandResult.Ok, answer.Result.Status, answer.Errors);
        return log;
    }
}
