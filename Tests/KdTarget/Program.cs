using KdTarget;
using KdTarget.Machine;
using KdTarget.Transport;

const string Usage = """
    A machine for a kernel debugger to attach to, made of a full crash dump.

      KdTarget serve <dump> --port <port>    debugger: -k com:ipport=<port>,port=127.0.0.1
      KdTarget serve <dump> --pipe <name>    debugger: -k com:pipe,port=\\.\pipe\<name>,resets=0,reconnect
      KdTarget relay --pipe <name> --port <port>    makes a target that listens on a TCP port a named pipe
    """;

using var end = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    end.Cancel();
};
try
{
    switch (args)
    {
        case ["serve", var dump, "--port", var port]:
            await ServeAsync(dump, new TcpTransport(int.Parse(port)));
            return 0;
        case ["serve", var dump, "--pipe", var name]:
            await ServeAsync(dump, new PipeTransport(name));
            return 0;
        case ["relay", "--pipe", var name, "--port", var port]:
            using (var pipe = new PipeTransport(name))
            {
                Console.WriteLine("ready");
                await Relay.RunAsync(pipe, int.Parse(port), end.Token);
            }
            return 0;
        default:
            Console.Error.WriteLine(Usage);
            return 2;
    }
}
catch (OperationCanceledException) when (end.IsCancellationRequested)
{
    return 0;
}
catch (Exception e) when (e is IOException or InvalidDataException or FormatException or System.Net.Sockets.SocketException)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

async Task ServeAsync(string dump, ITransport transport)
{
    await using var server = new KdServer(DumpMachine.Load(dump), transport);
    Console.WriteLine("ready");
    await server.Completion.WaitAsync(end.Token);
}
