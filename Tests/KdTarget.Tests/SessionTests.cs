using System.Buffers.Binary;
using System.Text;
using KdTarget.Machine;
using KdTarget.Requests;
using KdTarget.Transport;

namespace KdTarget.Tests;

[TestClass]
public sealed class SessionTests : IAsyncDisposable
{
    private const int Limit = 20_000;

    private readonly TcpTransport _tcp = new();
    private readonly ChangingMachine _machine = new(new TinyMachine());
    private readonly KdServer _server;

    public SessionTests() => _server = new KdServer(_machine, _tcp) { AcknowledgeTimeout = TimeSpan.FromMilliseconds(80) };

    public required TestContext TestContext { get; init; }

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task BreakInStopsTheMachineAndSaysWhere()
    {
        await using DebuggerSide debugger = await DebuggerSide.ConnectAsync(_tcp.Port, TestContext.CancellationToken);
        await debugger.ResetAsync();
        Assert.IsTrue(_server.IsRunning);

        byte[] change = await debugger.BreakInAsync();

        Assert.IsFalse(_server.IsRunning);
        Assert.AreEqual(240, change.Length);
        Assert.AreEqual(0x3030u, BinaryPrimitives.ReadUInt32LittleEndian(change));
        Assert.AreEqual(1, BinaryPrimitives.ReadUInt16LittleEndian(change.AsSpan(6)), "the processor that stopped");
        Assert.AreEqual(2u, BinaryPrimitives.ReadUInt32LittleEndian(change.AsSpan(8)), "processors");
        Assert.AreEqual(TinyMachine.Thread, BinaryPrimitives.ReadUInt64LittleEndian(change.AsSpan(0x10)));
        Assert.AreEqual(TinyMachine.Page + 0x20, BinaryPrimitives.ReadUInt64LittleEndian(change.AsSpan(0x18)));
        Assert.AreEqual(0x80000003u, BinaryPrimitives.ReadUInt32LittleEndian(change.AsSpan(0x20)));
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task VersionLeadsToTheKernel()
    {
        await using DebuggerSide debugger = await AttachAsync();
        Request version = await debugger.AskAsync(KdApi.GetVersion);
        Assert.AreEqual(22621u << 16 | 0xF, version.ReadUInt32(0));
        Assert.AreEqual(TinyMachine.Page, version.ReadUInt64(16));
        Assert.AreEqual(TinyMachine.Page + 0x100, version.ReadUInt64(24));
        Assert.AreEqual(TinyMachine.Page + 0x200, version.ReadUInt64(32));
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task ReadReturnsWhatIsThereAndSaysWhenItIsLess()
    {
        await using DebuggerSide debugger = await AttachAsync();
        CollectionAssert.AreEqual(new byte[] { 0, 7, 14, 21 }, await debugger.ReadAsync(TinyMachine.Page, 4));

        Request cut = await debugger.AskAsync(KdApi.ReadVirtualMemory, r =>
        {
            r.Write(0, TinyMachine.Page + 0xFF0);
            r.Write(8, 0x20u);
        });
        Assert.AreEqual(NtStatus.Unsuccessful, cut.Status);
        Assert.AreEqual(0x10u, cut.ReadUInt32(12));
        Assert.AreEqual(0x10, cut.Data.Length);
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task WrittenMemoryIsReadBack()
    {
        await using DebuggerSide debugger = await AttachAsync();
        Request answer = await debugger.AskAsync(KdApi.WriteVirtualMemory, r =>
        {
            r.Write(0, TinyMachine.Page + 0x40);
            r.Write(8, 3u);
        }, data: [1, 2, 3]);
        Assert.AreEqual(NtStatus.Success, answer.Status);
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, await debugger.ReadAsync(TinyMachine.Page + 0x40, 3));
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task SearchFindsBytesOrSaysThatThereAreNone()
    {
        await using DebuggerSide debugger = await AttachAsync();
        Task<Request> Search(byte[] pattern) => debugger.AskAsync(KdApi.SearchMemory, r =>
        {
            r.Write(0, TinyMachine.Page);
            r.Write(8, 0x100ul);
            r.Write(16, (uint)pattern.Length);
        }, data: pattern);
        Request found = await Search([14, 21]);
        Assert.AreEqual(TinyMachine.Page + 2, found.ReadUInt64(0));
        Assert.AreEqual(NtStatus.NoMoreEntries, (await Search([14, 14])).Status);
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task PartOfAContextIsReadAndWritten()
    {
        await using DebuggerSide debugger = await AttachAsync();
        byte[] rip = BitConverter.GetBytes(0x1122334455667788);
        await debugger.AskAsync(KdApi.SetContextEx, r => r.Write(0, 0xF8u), processor: 1, data: rip);
        Request answer = await debugger.AskAsync(KdApi.GetContextEx, r =>
        {
            r.Write(0, 0xF8u);
            r.Write(4, 8u);
        }, processor: 1);
        CollectionAssert.AreEqual(rip, answer.Data.ToArray());
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task ProcessorThatIsNotThereIsRefused()
    {
        await using DebuggerSide debugger = await AttachAsync();
        Assert.AreEqual(NtStatus.InvalidParameter, (await debugger.AskAsync(KdApi.GetContext, processor: 2)).Status);
        Assert.AreEqual(NtStatus.Success, (await debugger.AskAsync(KdApi.GetContext, processor: 1)).Status);
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task UnknownRequestIsRefused()
    {
        await using DebuggerSide debugger = await AttachAsync();
        Assert.AreEqual(NtStatus.Unsuccessful, (await debugger.AskAsync((KdApi)0x3149)).Status);
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task ContinueLetsTheMachineRunAndItCanBeStoppedAgain()
    {
        await using DebuggerSide debugger = await AttachAsync();
        await debugger.TellAsync(KdApi.Continue2);
        await UntilAsync(() => _server.IsRunning);
        await debugger.BreakInAsync();
        Assert.IsFalse(_server.IsRunning);
        Assert.AreEqual(2, _server.Traffic.Current.Stops);
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task MachineThatStopsByItselfSaysSo()
    {
        await using DebuggerSide debugger = await AttachAsync();
        await debugger.TellAsync(KdApi.Continue);
        await UntilAsync(() => _server.IsRunning);
        _server.StopByItself();
        await debugger.StopAsync();
        Assert.IsFalse(_server.IsRunning);
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task RestartedMachineSaysThatItGoesDownAndThatItStarts()
    {
        await using DebuggerSide debugger = await AttachAsync();
        await debugger.TellAsync(KdApi.Continue);
        await UntilAsync(() => _server.IsRunning);
        var down = new TaskCompletionSource();
        _server.Restart(_ => down.Task);

        byte[] change = await debugger.StopAsync();
        Assert.AreEqual(0x3031u, BinaryPrimitives.ReadUInt32LittleEndian(change));
        Assert.AreEqual(ulong.MaxValue, BinaryPrimitives.ReadUInt64LittleEndian(change.AsSpan(0x28)), "KD_REBOOT");
        Assert.AreEqual(1, change[0x40], "symbols are unloaded");

        await debugger.TellAsync(KdApi.Continue);
        down.SetResult();
        change = await debugger.StopAsync();
        Assert.AreEqual(0x3031u, BinaryPrimitives.ReadUInt32LittleEndian(change));
        Assert.AreEqual(TinyMachine.Page, BinaryPrimitives.ReadUInt64LittleEndian(change.AsSpan(0x28)));
        Assert.AreEqual(0, change[0x40], "symbols are loaded");
        Assert.AreEqual("\\SystemRoot\\system32\\ntoskrnl.exe\0", Encoding.ASCII.GetString(change.AsSpan(0xF0)));
        Assert.IsFalse(_server.IsRunning);

        await debugger.TellAsync(KdApi.Continue);
        await UntilAsync(() => _server.IsRunning);
        await debugger.BreakInAsync();
        CollectionAssert.AreEqual(new byte[] { 0, 7 }, await debugger.ReadAsync(TinyMachine.Page, 2));
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task SwitchProcessorReportsTheOtherOne()
    {
        await using DebuggerSide debugger = await AttachAsync();
        await debugger.TellAsync(KdApi.SwitchProcessor, processor: 0);
        byte[] change = await debugger.StopAsync();
        Assert.AreEqual(0, BinaryPrimitives.ReadUInt16LittleEndian(change.AsSpan(6)));
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task StoppedMachineStaysStoppedForTheNextDebugger()
    {
        await (await AttachAsync()).DisposeAsync();
        Assert.IsFalse(_server.IsRunning);
        await using DebuggerSide next = await DebuggerSide.ConnectAsync(_tcp.Port, TestContext.CancellationToken);
        await next.ResetAsync();
        await next.StopAsync();
        CollectionAssert.AreEqual(new byte[] { 0, 7 }, await next.ReadAsync(TinyMachine.Page, 2));
        Assert.AreEqual(2, _server.Connections);
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task ResetMakesAStoppedMachineReportAgain()
    {
        await using DebuggerSide debugger = await AttachAsync();
        await debugger.ReadAsync(TinyMachine.Page, 1);
        await debugger.ResetAsync();
        await debugger.StopAsync();
        CollectionAssert.AreEqual(new byte[] { 7 }, await debugger.ReadAsync(TinyMachine.Page + 1, 1));
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task MemoryChangesAfterTheGivenNumberOfReads()
    {
        await using DebuggerSide debugger = await AttachAsync();
        _machine.AfterReads(2, m => m.WriteUInt64(TinyMachine.Page, 0x99));
        Assert.AreEqual(7, (await debugger.ReadAsync(TinyMachine.Page + 1, 1))[0]);
        Assert.AreEqual(0, (await debugger.ReadAsync(TinyMachine.Page, 1))[0]);
        Assert.AreEqual(0x99, (await debugger.ReadAsync(TinyMachine.Page, 1))[0]);
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public async Task TrafficIsCountedFromMarkToMark()
    {
        await using DebuggerSide debugger = await AttachAsync();
        _server.Traffic.Mark();
        await debugger.ReadAsync(TinyMachine.Page + 0xFFC, 8);
        await debugger.ReadAsync(TinyMachine.Page, 8);
        TrafficWindow window = _server.Traffic.Mark();
        Assert.AreEqual(new RequestCount(2, 16, 12), window.Of(KdApi.ReadVirtualMemory));
        Assert.AreEqual(2, window.PacketsIn);
        Assert.AreEqual(2, window.PacketsOut);
        Assert.AreEqual(2 * (16 + 56 + 1) + 12, window.BytesOut - 2 * 16, "two answers and two acknowledgements");
        Assert.AreEqual(new RequestCount(0, 0, 0), _server.Traffic.Current.Of(KdApi.ReadVirtualMemory));
    }

    private Task<DebuggerSide> AttachAsync() => DebuggerSide.AttachAsync(_tcp.Port, TestContext.CancellationToken);

    private async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            await Task.Delay(5, TestContext.CancellationToken);
    }
}
