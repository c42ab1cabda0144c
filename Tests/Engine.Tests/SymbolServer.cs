using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace LockLeak.Engine.Tests;

/// <summary>A symbol server on this machine.</summary>
internal sealed class SymbolServer : IDisposable
{
    private readonly HttpListener listener = new();

    /// <summary>Starts one.</summary>
    /// <param name="answer">Gives the status and the content for a path.</param>
    public SymbolServer(Func<string, (int Status, byte[] Content)> answer)
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
        }

        listener.Prefixes.Add(Address + "/");
        listener.Start();
        _ = Task.Run(() => ServeAsync(answer));
    }

    /// <summary>Its URL.</summary>
    public string Address { get; }

    /// <summary>The paths that were asked for.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>One that has the PDBs and images that lie beside a dump, under any key.</summary>
    /// <param name="dump">The dump.</param>
    /// <param name="renamed">
    /// Names under which the server has files, and the files: the kernel is loaded under another name than it was built with.
    /// </param>
    public static SymbolServer Of(Dump dump, params (string Asked, string File)[] renamed) => new(path =>
    {
        string asked = path.Split('/')[^1];
        string name = renamed.FirstOrDefault(pair => pair.Asked == asked).File ?? asked;
        return Path.Combine(dump.Symbols, name) is var file && File.Exists(file) ? (200, File.ReadAllBytes(file)) : (404, []);
    });

    public void Dispose() => listener.Close();

    private async Task ServeAsync(Func<string, (int Status, byte[] Content)> answer)
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await listener.GetContextAsync();
                _ = Task.Run(() => Answer(context, answer));
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private void Answer(HttpListenerContext context, Func<string, (int Status, byte[] Content)> answer)
    {
        string path = context.Request.Url!.AbsolutePath;
        Requests.Enqueue(path);
        try
        {
            (context.Response.StatusCode, byte[] content) = answer(path);
            context.Response.Close(content, willBlock: false);
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // Whoever asked has gone.
        }
    }
}
