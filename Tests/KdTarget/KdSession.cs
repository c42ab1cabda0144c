using KdTarget.Machine;
using KdTarget.Packets;
using KdTarget.Requests;

namespace KdTarget;

/// <summary>
/// One debugger's session. The machine runs until a break-in; then it reports that it has stopped, and answers requests
/// until it is told to go on. A reset of the link makes a stopped machine report again.
/// </summary>
public sealed class KdSession(PacketLink link, IMachine machine, RunState state, Faults faults, Traffic traffic)
{
    private uint _reason = StateChange.Breakpoint;
    private bool _mustReport;
    private Func<CancellationToken, Task>? _whileDown;

    /// <summary>Serves the debugger until it is gone.</summary>
    /// <exception cref="EndOfStreamException">The connection closed.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (_mustReport)
                await ReportStopAsync(cancellation);
            else
                await TakeAsync(await link.ReceiveAsync(cancellation), cancellation);
        }
    }

    private async Task TakeAsync(Incoming incoming, CancellationToken cancellation)
    {
        switch (incoming)
        {
            case Incoming.BreakIn when state.IsRunning:
                Stop(StateChange.Breakpoint);
                break;
            case Incoming.Restart restart when state.IsRunning:
                state.IsRunning = false;
                _whileDown = restart.WhileDown;
                await link.SendAsync(PacketType.StateChange64, StateChange.ShuttingDown(machine, state.Processor), cancellation);
                break;
            case Incoming.Control { Type: PacketType.Reset }:
                _mustReport = !state.IsRunning;
                break;
            case Incoming.Data { Type: PacketType.Manipulate } data when Request.Parse(data.Bytes) is { } request:
                if (faults.Take(Fault.Close))
                    throw new EndOfStreamException("The connection is closed on the test's demand.");
                if (faults.Take(Fault.Freeze))
                    faults.Freeze();
                await CarryOutAsync(request, cancellation);
                break;
        }
    }

    private async Task CarryOutAsync(Request request, CancellationToken cancellation)
    {
        bool answers = false;
        switch (request.Api)
        {
            case KdApi.Continue:
                await GoAsync(singleStep: false, cancellation);
                break;
            case KdApi.Continue2:
                const int traceFlag = 4; // DBGKD_CONTINUE2: ContinueStatus, then AMD64_DBGKD_CONTROL_SET.TraceFlag
                await GoAsync(request.ReadUInt32(traceFlag) != 0, cancellation);
                break;
            case KdApi.SwitchProcessor when request.Processor < machine.Processors.Count:
                state.Processor = request.Processor;
                _mustReport = true;
                break;
            case KdApi.ClearAllInternalBreakpoints:
                break;
            default:
                RequestTable.Answer(request, machine);
                if (request.Api is KdApi.ReadVirtualMemory or KdApi.ReadPhysicalMemory && request.Answer.Length > 0)
                    MemoryRequests.Spoil(request, faults);
                answers = true;
                break;
        }
        traffic.Requested(request.Api, request.BytesRequested, request.Answer.Length);
        if (answers && !await link.SendAsync(PacketType.Manipulate, request.ToPacket(), cancellation))
            _mustReport = true;
    }

    /// <summary>Lets the machine run, or go down. No code runs in it, so that a single step ends where it began.</summary>
    private async Task GoAsync(bool singleStep, CancellationToken cancellation)
    {
        if (_whileDown is { } whileDown)
        {
            _whileDown = null;
            await whileDown(cancellation);
            state.Processor = machine.StoppingProcessor;
            link.Restart();
            // It goes on when it is told to, or when nobody listens.
            state.IsRunning = !await link.SendAsync(PacketType.StateChange64, StateChange.Starting(machine, state.Processor), cancellation);
        }
        else if (singleStep)
        {
            Stop(StateChange.SingleStep);
        }
        else
        {
            state.IsRunning = true;
        }
    }

    private void Stop(uint reason)
    {
        state.IsRunning = false;
        _reason = reason;
        _mustReport = true;
    }

    private async Task ReportStopAsync(CancellationToken cancellation)
    {
        _mustReport = false;
        byte[] packet = StateChange.Packet(machine, state.Processor, _reason);
        traffic.Stopped();
        if (!await link.SendAsync(PacketType.StateChange64, packet, cancellation))
            _mustReport = true;
    }
}
