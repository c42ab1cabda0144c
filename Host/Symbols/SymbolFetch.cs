using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace LockLeak.Host;

/// <summary>Gets files from symbol stores, into the folders that the symbol path names.</summary>
/// <param name="sources">The stores.</param>
/// <param name="cancelled">Ends it.</param>
internal sealed class SymbolFetch(IReadOnlyList<SymbolSource> sources, CancellationToken cancelled) : IDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);

    /// <summary>How long a server may take to begin, and to send nothing.</summary>
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BetweenProgress = TimeSpan.FromSeconds(5);

    private readonly HttpClient client =
        new(new SocketsHttpHandler { ConnectTimeout = ConnectLimit }) { Timeout = Timeout.InfiniteTimeSpan };

    // A server that does not answer is not asked again: an unreachable one costs seconds, once.
    private readonly Dictionary<string, string> silent = [];

    /// <summary>Finds a file in a cache, or gets it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="why">When it is not to be had: why, in a few words.</param>
    /// <returns>Its path; null when it is not to be had.</returns>
    public string? Find(SymbolFile file, out string why)
    {
        List<string> reasons = [];
        foreach (SymbolSource source in sources)
        {
            // A folder that is a store needs no copy.
            IEnumerable<string> folders = source.IsServer ? source.Caches : source.Caches.Append(source.Store);
            if (folders.Select(file.In).FirstOrDefault(File.Exists) is { } kept)
            {
                why = "";
                return kept;
            }

            if (cancelled.IsCancellationRequested || !source.IsServer)
            {
                reasons.Add(source.IsServer ? "ended" : $"not in {source.Store}");
            }
            else if (silent.TryGetValue(source.Store, out string? before))
            {
                reasons.Add(before);
            }
            else if (Get(file, source, out string reason) is { } path)
            {
                why = "";
                return path;
            }
            else
            {
                reasons.Add(reason);
            }
        }

        why = string.Join("; ", reasons.Distinct());
        return null;
    }

    public void Dispose() => client.Dispose();

    private string? Get(SymbolFile file, SymbolSource source, out string why)
    {
        string path = file.In(source.Caches[0]);
        string temporary = $"{path}.{Environment.ProcessId}";
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
            limit.CancelAfter(SilenceLimit);
            string name = Uri.EscapeDataString(file.Name);
            var address = new Uri($"{source.Store.TrimEnd('/')}/{name}/{file.Key}/{name}");
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using HttpResponseMessage response = client.Send(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (!response.IsSuccessStatusCode)
            {
                why = response.StatusCode == HttpStatusCode.NotFound
                    ? $"not on {source.Store}" : $"{source.Store} answers {(int)response.StatusCode} {response.ReasonPhrase}";
                return null;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using (FileStream to = File.Create(temporary))
            {
                if (!Copy(file, response, to, limit))
                {
                    why = $"what {source.Store} sends is no such file";
                    return null;
                }
            }

            Place(temporary, path);
            why = "";
            return path;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            why = cancelled.IsCancellationRequested ? "ended" : $"{source.Store} does not answer";
            silent[source.Store] = why;
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            why = e.Message.ReplaceLineEndings(" ");
            return null;
        }
        finally
        {
            Discard(temporary);
        }
    }

    private static bool Copy(SymbolFile file, HttpResponseMessage response, FileStream to, CancellationTokenSource limit)
    {
        using Stream from = response.Content.ReadAsStream(limit.Token);
        long done = 0;
        var buffer = new byte[1 << 16];
        var clock = Stopwatch.StartNew();
        for (TimeSpan next = TimeSpan.FromSeconds(1); ;)
        {
            limit.CancelAfter(SilenceLimit);
            // A synchronous read would not hear of the limit.
            int read = from.ReadAsync(buffer, limit.Token).AsTask().GetAwaiter().GetResult();
            if (read == 0)
            {
                return done > 0;
            }

            if (done == 0 && !file.Begins(buffer.AsSpan(0, read)))
            {
                return false;
            }

            to.Write(buffer.AsSpan(0, read));
            done += read;
            if (clock.Elapsed >= next)
            {
                next = clock.Elapsed + BetweenProgress;
                string all = response.Content.Headers.ContentLength is { } length ? $" of {Megabytes(length)}" : "";
                Console.Error.WriteLine($"lockleak: fetching {file.Name}, {Megabytes(done)}{all} MB (Ctrl+C ends it)");
            }
        }
    }

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture);

    // Another lockleak may have brought the file meanwhile, and read it: then it cannot be replaced, and need not be.
    private static void Place(string temporary, string path)
    {
        try
        {
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && File.Exists(path))
        {
            // It is whole: whoever brought it put it there as this one would have.
        }
    }

    private static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is left over has the name of nothing that is looked for.
        }
    }
}
