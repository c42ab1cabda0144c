using System.Text.Json;
using System.Text.Json.Serialization;

namespace LockLeak.Mcp;

/// <summary>list_dumps: which dumps may be asked.</summary>
internal sealed class ListDumps(DumpFolders dumps) : LockTool("list_dumps", "Lists the crash dumps that can be asked, newest first.")
{
    protected override Task<(string Text, bool IsError)> AnswerAsync(Func<string, string?> argument, CancellationToken cancellation)
    {
        DumpList list = new([.. dumps.All.Select(file => new ListedDump(file.FullName, file.Length, file.LastWriteTimeUtc))]);
        return Task.FromResult((JsonSerializer.Serialize(list, ListJson.Default.DumpList), false));
    }
}

/// <summary>The answer of list_dumps.</summary>
/// <param name="Dumps">The dumps.</param>
internal sealed record DumpList(IReadOnlyList<ListedDump> Dumps);

/// <summary>A dump.</summary>
/// <param name="File">Its path.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Modified">When it was written.</param>
internal sealed record ListedDump(string File, long Bytes, DateTime Modified);

[JsonSerializable(typeof(DumpList))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ListJson : JsonSerializerContext;
