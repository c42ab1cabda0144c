using System.Diagnostics;
using KdTarget.Transport;

namespace KdTarget.Tests;

/// <summary>The link brings everything over once and in order, whatever is lost; and what a test asks to be lost is lost.</summary>
[TestClass]
public sealed class FaultTests : IAsyncDisposable
{
    private const int Limit = 20_000;

    private readonly TcpTransport _tcp = new();
    private readonly KdServer _server;

    // Long enough that a busy machine acknowledges in time: some tests count every packet that is sent again.
    public FaultTests() => _server = new KdServer(new TinyMachine(), _tcp) { AcknowledgeTimeout = TimeSpan.FromMilliseconds(500) };

    public required TestContext TestContext { get; init; }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    [DataRow(Fault.CorruptReply)]
    [DataRow(Fault.TruncateReply)]
    [DataRow(Fault.LoseReply)]
    public async Task ReplyThatDoesNotArriveWholeIsSentAgain(Fault fault)
    {
        await using DebuggerSide debugger = await DebuggerSide.AttachAsync(_tcp.Port, TestContext.CancellationToken);
        _server.Traffic.Mark();
        _server.Faults.Next(fault, times: 2);
        await AssertReadsAsync(debugger, 3);
        TrafficWindow window = _server.Traffic.Mark();
        Assert.IsGreaterThanOrEqualTo(2, window.Retransmissions);
        Assert.AreEqual(3, window.PacketsOut);
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task RequestThatIsLostIsNotAcknowledged()
    {
        await using DebuggerSide debugger = await DebuggerSide.AttachAsync(_tcp.Port, TestContext.CancellationToken);
        _server.Faults.Next(Fault.LoseRequest, times: 2);
        var time = Stopwatch.StartNew();
        await AssertReadsAsync(debugger, 1);
        Assert.IsGreaterThan(180, time.ElapsedMilliseconds, "the debugger waits 100 ms before each of two retries");
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task AnswerStandsForAnAcknowledgeThatIsLost()
    {
        await using DebuggerSide debugger = await DebuggerSide.AttachAsync(_tcp.Port, TestContext.CancellationToken);
        _server.Traffic.Mark();
        _server.Faults.Next(Fault.LoseAcknowledge);
        await AssertReadsAsync(debugger, 1);
        Assert.AreEqual(16 + 56 + 1 + 1, _server.Traffic.Mark().BytesOut, "the answer alone");
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task RequestThatComesTwiceIsCarriedOutOnce()
    {
        await using DebuggerSide debugger = await DebuggerSide.AttachAsync(_tcp.Port, TestContext.CancellationToken);
        _server.Traffic.Mark();
        _server.Faults.Next(Fault.LoseAcknowledge);
        _server.Faults.Next(Fault.LoseReply, times: 5);
        await AssertReadsAsync(debugger, 2);
        TrafficWindow window = _server.Traffic.Mark();
        Assert.AreEqual(2, window.Of(Requests.KdApi.ReadVirtualMemory).Count);
        Assert.IsGreaterThanOrEqualTo(3, window.PacketsIn);
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task EveryThirdReplyMayBeLostFromTheStart()
    {
        _server.Faults.Every(Fault.LoseReply, 3);
        await using DebuggerSide debugger = await DebuggerSide.AttachAsync(_tcp.Port, TestContext.CancellationToken);
        await AssertReadsAsync(debugger, 12);
        Assert.IsGreaterThanOrEqualTo(4, _server.Traffic.Current.Retransmissions);
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task FaultWaitsForItsOccasion()
    {
        await using DebuggerSide debugger = await DebuggerSide.AttachAsync(_tcp.Port, TestContext.CancellationToken);
        _server.Faults.Next(Fault.CorruptReply, after: 2);
        _server.Traffic.Mark();
        await AssertReadsAsync(debugger, 2);
        Assert.AreEqual(0, _server.Traffic.Current.Retransmissions);
        await AssertReadsAsync(debugger, 1);
        Assert.AreEqual(1, _server.Traffic.Current.Retransmissions);
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task FrozenTargetIsSilentAndGoesOnWhenItThaws()
    {
        await using DebuggerSide debugger = await DebuggerSide.AttachAsync(_tcp.Port, TestContext.CancellationToken);
        _server.Faults.Next(Fault.Freeze);
        Task read = AssertReadsAsync(debugger, 1);
        while (!_server.Faults.IsFrozen)
            await Task.Delay(5, TestContext.CancellationToken);
        _server.Traffic.Mark();
        await Task.Delay(300, TestContext.CancellationToken);
        Assert.AreEqual(0, _server.Traffic.Current.BytesOut);
        Assert.IsFalse(read.IsCompleted);
        _server.Faults.Thaw();
        await read;
        await AssertReadsAsync(debugger, 2);
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task ClosedConnectionLeavesTheMachineToTheNextDebugger()
    {
        await using (DebuggerSide debugger = await DebuggerSide.AttachAsync(_tcp.Port, TestContext.CancellationToken))
        {
            _server.Faults.Next(Fault.Close);
            await Assert.ThrowsExactlyAsync<EndOfStreamException>(() => debugger.ReadAsync(TinyMachine.Page, 1));
        }
        await using DebuggerSide next = await DebuggerSide.ConnectAsync(_tcp.Port, TestContext.CancellationToken);
        await next.ResetAsync();
        await next.StopAsync();
        await AssertReadsAsync(next, 1);
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task LatencyIsPaidForEveryPacket()
    {
        await using DebuggerSide debugger = await DebuggerSide.AttachAsync(_tcp.Port, TestContext.CancellationToken);
        _server.Faults.Latency = TimeSpan.FromMilliseconds(30);
        var time = Stopwatch.StartNew();
        await AssertReadsAsync(debugger, 3);
        Assert.IsGreaterThanOrEqualTo(6 * 30, time.ElapsedMilliseconds, "an acknowledgement and an answer for each of three reads");
    }

    private static async Task AssertReadsAsync(DebuggerSide debugger, int count)
    {
        for (int i = 0; i < count; i++)
            CollectionAssert.AreEqual(new[] { (byte)(i * 7) }, await debugger.ReadAsync(TinyMachine.Page + (ulong)i, 1));
    }
}
