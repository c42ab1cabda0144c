using System.Diagnostics;
using System.Text.Json.Nodes;
using LockLeak.Build;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LockLeak.Engine.Tests;

/// <summary>lockleak-mcp, asked by the protocol's own client.</summary>
[TestClass]
public sealed class McpTests
{
    private static readonly Dump Walkthrough = Dumps.Of("pushlock153");

    [TestMethod]
    public async Task ToolsAreListedWithTheirArguments()
    {
        await using McpClient client = await ConnectAsync(Walkthrough.Symbols);
        IList<McpClientTool> tools = await client.ListToolsAsync();
        CollectionAssert.AreEquivalent((string[])["list_dumps", "lock_report", "thread_locks", "push_lock"],
            tools.Select(tool => tool.Name).ToArray());
        Assert.AreEqual("""["dump","address"]""",
            tools.Single(tool => tool.Name == "push_lock").JsonSchema.GetProperty("required").GetRawText());
        Assert.IsTrue(tools.All(tool => tool.ProtocolTool.Annotations is { ReadOnlyHint: true, DestructiveHint: false }));
    }

    [TestMethod]
    public async Task DumpIsAskedByItsName()
    {
        await using McpClient client = await ConnectAsync(Walkthrough.Symbols);
        string file = JsonNode.Parse(Text(await client.CallToolAsync("list_dumps")))!["dumps"]!.AsArray()
            .Single()!["file"]!.GetValue<string>();
        Assert.AreEqual(Lockleak.PathForWindows(Walkthrough.Path), file);

        foreach (string name in (string[])[file, Path.GetFileName(Walkthrough.Path)])
        {
            JsonNode report = JsonNode.Parse(Text(await client.CallToolAsync("lock_report", Arguments(name))))!;
            Assert.AreEqual("leaked-entry", report["findings"]![0]!["kind"]!.GetValue<string>());
            Assert.AreEqual("pdb", report["target"]!["layout"]!.GetValue<string>());
        }

        JsonNode @lock = JsonNode.Parse(Text(await client.CallToolAsync("push_lock", Arguments(file, "address", "0xffffc7883a0f6f70"))))!;
        Assert.AreEqual(("pushlock", "0xffffc7883a0f6f70"), (@lock["command"]!.GetValue<string>(), @lock["lock"]!.GetValue<string>()));
        JsonNode thread = JsonNode.Parse(Text(await client.CallToolAsync("thread_locks", Arguments(file, "thread", "ffffc788`39108040"))))!;
        Assert.AreEqual("0xffffc78839108040", thread["threads"]!.AsArray().Single()!["thread"]!.GetValue<string>());
        JsonNode threads = JsonNode.Parse(Text(await client.CallToolAsync("thread_locks", Arguments(file))))!;
        Assert.HasCount(2, threads["threads"]!.AsArray());
    }

    /// <summary>An assistant may have been told what to ask by what it has read.</summary>
    [TestMethod]
    public async Task ArgumentsAreNoCommandsAndLeadNowhereElse()
    {
        string elsewhere = Dumps.Elsewhere("elsewhere.dmp");
        File.Copy(Walkthrough.Path, elsewhere);
        await using McpClient client = await ConnectAsync(Walkthrough.Symbols);
        foreach (string dump in (string[])["", "no.dmp", elsewhere, Lockleak.PathForWindows(elsewhere), @"\\server\share\a.dmp",
            @"..\pushlock153.dmp", "*.dmp"])
        {
            CallToolResult result = await client.CallToolAsync("lock_report", Arguments(dump));
            Assert.IsTrue(result.IsError, dump);
            Assert.AreEqual("There is no such dump; list_dumps lists them.", Text(result));
        }

        string name = Path.GetFileName(Walkthrough.Path);
        foreach (string address in (string[])["0; .shell dir", "nt!KiSwapContext", "ffffc7883a0f6f70 -dot x", "", "0x", "-a",
            "12345678901234567"])
        {
            CallToolResult result = await client.CallToolAsync("push_lock", Arguments(name, "address", address));
            Assert.IsTrue(result.IsError, address);
            Assert.AreEqual("address has to be an address in hexadecimal, such as 0xffffc7883a0f6f70.", Text(result));
        }

        Assert.IsTrue((await client.CallToolAsync("push_lock", Arguments(name))).IsError, "the address is missing");
    }

    [TestMethod]
    public async Task WhatCannotBeReadIsAnErrorInJson()
    {
        string broken = Dumps.Elsewhere("broken.dmp");
        File.WriteAllText(broken, "no dump");
        await using McpClient client = await ConnectAsync(Path.GetDirectoryName(broken)!);
        CallToolResult result = await client.CallToolAsync("lock_report", Arguments("broken.dmp"));
        Assert.IsTrue(result.IsError);
        Assert.AreEqual("not-a-dump", JsonNode.Parse(Text(result))!["error"]!["code"]!.GetValue<string>());
    }

    private static Task<McpClient> ConnectAsync(string folder)
    {
        string program = Path.Combine(Repository.Binaries, "lockleak-mcp.exe");
        Assert.IsTrue(File.Exists(program), $"{program} is not there: build first (./build.sh build).");
        ProcessStartInfo start = Wine.Start(program, folder, "-y", Walkthrough.Symbols);
        return McpClient.CreateAsync(new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = start.FileName,
            Arguments = [.. start.ArgumentList],
            EnvironmentVariables = start.Environment,
        }));
    }

    private static Dictionary<string, object?> Arguments(string dump, string? name = null, string? value = null)
    {
        Dictionary<string, object?> arguments = new() { ["dump"] = dump };
        if (name is not null)
        {
            arguments[name] = value;
        }

        return arguments;
    }

    private static string Text(CallToolResult result) => ((TextContentBlock)result.Content.Single()).Text;
}
