using System.Globalization;
using System.Text.Json;
using KernelImages.Kernel;

namespace KernelImages.LockStates.Check;

/// <summary>Asks the product about states as a user would, and compares its answers with the truth.</summary>
/// <param name="kernel">The machine that the states were written to.</param>
/// <param name="ask">
/// Runs a command line such as "lockleak -json" and gives what it prints; throws InvalidOperationException when it fails.
/// </param>
public sealed class StateCheck(SyntheticKernel kernel, Func<string, string> ask)
{
    private readonly List<Fault> faults = [];

    /// <summary>All that is wrong.</summary>
    public IReadOnlyList<Fault> Run(params IReadOnlyList<LockState> states)
    {
        if (Ask("lockleak", states[0], null) is { } answer)
        {
            foreach (JsonElement finding in answer.GetProperty("findings").EnumerateArray()) AddFinding(states, finding);
            foreach (LockState state in states) CheckHang(state, answer);
        }
        if (Ask("lockleak -a", states[0], null) is { } all) CheckList(states, all);
        foreach (LockState state in states)
            foreach (StateLock item in state.Locks)
                if (Ask(string.Create(CultureInfo.InvariantCulture, $"pushlock 0x{item.Address:x}"), state, item) is { } one)
                    Compare(state, item, "pushlock", one);
        return faults;
    }

    private JsonElement? Ask(string command, LockState state, StateLock? item)
    {
        string output = "";
        try
        {
            output = ask(command + " -json");
            using JsonDocument json = JsonDocument.Parse(output);
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            Add(state, item?.Id, command, FaultKind.Error, $"no JSON: {output[..Math.Min(output.Length, 200)]}");
            return null;
        }
        catch (InvalidOperationException failed)
        {
            Add(state, item?.Id, command, FaultKind.Error, failed.Message.TrimEnd());
            return null;
        }
    }

    private void Compare(LockState state, StateLock item, string command, JsonElement answer)
    {
        foreach ((string kind, string text) in LockComparison.Faults(new LockTruth(kernel, state, item), LockAnswer.Read(answer)))
        {
            Add(state, item.Id, command, kind, text);
        }
    }

    /// <summary>Every lock that threads lead to is in the list of all locks, and nothing else is.</summary>
    private void CheckList(IReadOnlyList<LockState> states, JsonElement answer)
    {
        const string Command = "lockleak -a";
        var listed = answer.GetProperty("locks").EnumerateArray().ToDictionary(item => LockAnswer.Address(item.GetProperty("lock"))!.Value);
        foreach (LockState state in states)
        {
            foreach (StateLock item in state.Locks)
            {
                if (listed.Remove(item.Address, out JsonElement found)) Compare(state, item, Command, found);
                else if (item.IsSteady && new LockTruth(kernel, state, item).MustBeListed) Add(state, item.Id, Command, FaultKind.Absent,
                    "it is not listed");
            }
        }
        foreach ((ulong address, JsonElement item) in listed)
            Add(StateAt(states, address), null, Command, FaultKind.Invented,
                $"0x{address:x} is listed as {item.GetProperty("kind").GetString()}, and there is no lock");
    }

    /// <summary>The chain of a thread that keeps a lock for ever: it comes last, behind all whom it blocks.</summary>
    private void CheckHang(LockState state, JsonElement answer)
    {
        if (state.Hang is not { } hang) return;
        ulong owner = kernel.Thread(LockStateMachine.ThreadName(state, hang.Owner)), item = state.Locks[hang.Lock].Address;
        bool isTold = answer.GetProperty("chains").EnumerateArray().Any(chain =>
            LockAnswer.Address(chain.GetProperty("threads").EnumerateArray().Last()) == owner &&
                LockAnswer.Address(chain.GetProperty("locks").EnumerateArray().Last()) == item &&
            chain.GetProperty("blocked").GetInt32() == hang.Blocked);
        if (!isTold) Add(state, hang.Lock, "lockleak", FaultKind.Hang, $"no chain says that thread {hang.Owner} blocks {hang.Blocked}");
    }

    private void AddFinding(IReadOnlyList<LockState> states, JsonElement finding)
    {
        IEnumerable<JsonElement> named =
            [finding.GetProperty("lock"), finding.GetProperty("thread"), .. finding.GetProperty("threads").EnumerateArray(),
                .. finding.GetProperty("waiters").EnumerateArray()];
        LockState state = named.Select(LockAnswer.Address).OfType<ulong>().Select(address => Owning(states, address))
            .FirstOrDefault(known => known is not null) ?? states[0];
        string kind = finding.GetProperty("certainty").GetString() == "certain" ? FaultKind.Certain : FaultKind.Suspect;
        Add(state, null, "lockleak", kind, $"{finding.GetProperty("kind").GetString()}: {finding.GetProperty("message").GetString()}");
    }

    private LockState? Owning(IReadOnlyList<LockState> states, ulong address)
    {
        string? process = kernel.Threads.FirstOrDefault(thread => thread.Address == address)?.Process.Spec.Image;
        return states.FirstOrDefault(state => state.Id == process || state.Locks.Any(item => item.Address == address));
    }

    private static LockState StateAt(IReadOnlyList<LockState> states, ulong address) =>
        states.LastOrDefault(state => state.Locks[0].Address <= address) ?? states[0];

    private void Add(LockState state, int? item, string command, string kind, string text) =>
        faults.Add(new Fault(state, item, kernel.Types.File.Build, command, kind, text));
}
