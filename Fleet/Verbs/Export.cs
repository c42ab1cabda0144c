using System.Text.Json;
using LockLeak.Fleet.Store;
using Parquet.Serialization;

namespace LockLeak.Fleet.Verbs;

/// <summary>Writes the results to a file for other tools.</summary>
internal static class Export
{
    /// <summary>Does it.</summary>
    /// <param name="database">Where they are.</param>
    /// <param name="path">Ends with .jsonl or .parquet.</param>
    /// <param name="stopped">Stops it.</param>
    public static async Task RunAsync(Database database, string path, CancellationToken stopped)
    {
        var stored = new StoredReports(database);
        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".jsonl":
                await LinesAsync(stored, path, stopped);
                break;
            case ".parquet":
                await using (FileStream file = File.Create(path))
                {
                    await ParquetSerializer.SerializeAsync(stored.Findings(), file, cancellationToken: stopped);
                }

                break;
            default:
                throw new FleetException($"the file's name has to end with .jsonl or .parquet: {path}");
        }
    }

    private static async Task LinesAsync(StoredReports stored, string path, CancellationToken stopped)
    {
        await using StreamWriter file = File.CreateText(path);
        ILookup<string, string> paths = stored.Paths();
        foreach ((string sha256, string json) in stored.Reports())
        {
            string names = JsonSerializer.Serialize(paths[sha256]);
            await file.WriteLineAsync($$"""{"sha256":"{{sha256}}","paths":{{names}},"report":{{json}}}""".AsMemory(), stopped);
        }
    }
}
