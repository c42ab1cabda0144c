using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace KernelImages.LockStates;

/// <summary>The states of the files beside this one.</summary>
public static class LockStateLibrary
{
    private static readonly string[] Files = ["push", "hang", "resource", "mutex", "blocked"];

    /// <summary>All of them, in the order of the files.</summary>
    public static IReadOnlyList<LockState> All { get; } = [.. Files.SelectMany(Read)];

    /// <summary>The state with an id.</summary>
    public static LockState Find(string id) =>
        All.SingleOrDefault(state => state.Id == id) ?? throw new ArgumentException($"There is no state {id}.");

    private static IEnumerable<LockState> Read(string file)
    {
        using Stream packed = typeof(LockStateLibrary).Assembly.GetManifestResourceStream($"LockStates/{file}.jsonl.br")!;
        using StreamReader lines = new(new BrotliStream(packed, CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            using JsonDocument json = JsonDocument.Parse(line);
            yield return State(json.RootElement);
        }
    }

    private static LockState State(JsonElement state) =>
        new(Text(state, "id")!, Text(state, "set")!, [.. List(state, "builds").Select(build => build.GetString()!)])
        {
            Threads = [.. List(state, "threads").Select(Thread)],
            Locks = [.. List(state, "locks").Select(Lock)],
            Waits = [.. List(state, "waits")
            .Select(wait => (Address(wait[0]), (IReadOnlyList<int>)[.. wait[1].EnumerateArray().Select(thread => thread.GetInt32())]))],
            Memory = [.. List(state, "memory").Select(piece => (Address(piece[0]), Convert.FromHexString(piece[1].GetString()!)))],
            ThreadPointers = [.. List(state, "threadPointers")
            .Select(pointer => (Address(pointer[0]), pointer[1].GetInt32(), pointer[2].GetUInt32()))],
            EntryPointers = [.. List(state, "entryPointers")
            .Select(pointer => (Address(pointer[0]), pointer[1].GetInt32(), pointer[2].GetInt32()))],
            Hang = state.TryGetProperty("hang", out JsonElement hang)
            ? new(Number(hang, "lock"), Number(hang, "owner"), Number(hang, "blocks")) : null,
        };

    private static StateThread Thread(JsonElement thread) => new(
        Address(thread.GetProperty("stack")[0]), Address(thread.GetProperty("stack")[1]), Text(thread, "state")!,
        Text(thread, "waitReason")!,
        OptionalAddress(thread.GetProperty("waitObject")),
        [.. List(thread, "claims").Select(claim => new StateClaim(Number(claim, "lock"), Text(claim, "entry")!, Text(claim, "mode")))]);

    private static StateLock Lock(JsonElement item) => new(
        Number(item, "id"), Address(item.GetProperty("address")), Text(item, "kind")!,
        [.. List(item, "owners").Select(owner => new StateOwner(owner[0].GetInt32(), owner[1].GetString()!, owner.GetArrayLength() > 2))],
        [.. List(item, "waiters")
            .Select(waiter => new StateWaiter(waiter[0].GetInt32(), waiter[1].GetString(), OptionalAddress(waiter[2])))],
        [.. List(item, "inFlight").Select(step => (step[0].GetInt32(), step[1].GetString()!))],
        item.GetProperty("contended").GetBoolean(), item.GetProperty("steady").GetBoolean());

    private static JsonElement.ArrayEnumerator List(JsonElement element, string name) => element.GetProperty(name).EnumerateArray();

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static ulong Address(JsonElement text) =>
        ulong.Parse(text.GetString().AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static ulong? OptionalAddress(JsonElement text) => text.ValueKind == JsonValueKind.Null ? null : Address(text);
}
