namespace KdTarget.Machine;

/// <summary>
/// A machine whose memory changes while a debugger reads it, as memory does that devices and other processors write:
/// after a given number of reads a test's own code runs.
/// </summary>
public sealed class ChangingMachine(IMachine machine) : IMachine
{
    private readonly Lock _lock = new();
    private readonly List<(long After, Action<IMachine> Change)> _changes = [];
    private long _reads;

    /// <summary>Makes a change once the debugger has read <paramref name="reads"/> more times.</summary>
    /// <param name="reads">How many reads still see the memory as it is.</param>
    /// <param name="change">What happens then; runs on the target's own thread, between two reads.</param>
    public void AfterReads(int reads, Action<IMachine> change)
    {
        lock (_lock)
            _changes.Add((_reads + reads, change));
    }

    /// <summary>From now on it is another machine, as after a restart.</summary>
    public void Become(IMachine next)
    {
        lock (_lock)
            machine = next;
    }

    /// <inheritdoc/>
    public ushort Build => machine.Build;

    /// <inheritdoc/>
    public ulong KernelBase => machine.KernelBase;

    /// <inheritdoc/>
    public ulong LoadedModuleList => machine.LoadedModuleList;

    /// <inheritdoc/>
    public ulong DebuggerDataList => machine.DebuggerDataList;

    /// <inheritdoc/>
    public IReadOnlyList<Processor> Processors => machine.Processors;

    /// <inheritdoc/>
    public int StoppingProcessor => machine.StoppingProcessor;

    /// <inheritdoc/>
    public int ReadVirtual(ulong address, Span<byte> buffer)
    {
        MakeDueChanges();
        return machine.ReadVirtual(address, buffer);
    }

    /// <inheritdoc/>
    public int WriteVirtual(ulong address, ReadOnlySpan<byte> data) => machine.WriteVirtual(address, data);

    /// <inheritdoc/>
    public int ReadPhysical(ulong address, Span<byte> buffer)
    {
        MakeDueChanges();
        return machine.ReadPhysical(address, buffer);
    }

    private void MakeDueChanges()
    {
        lock (_lock)
        {
            foreach ((long _, Action<IMachine> change) in _changes.Where(c => c.After <= _reads))
                change(machine);
            _changes.RemoveAll(c => c.After <= _reads);
            _reads++;
        }
    }
}
