using LockLeak.Host;

namespace LockLeak.Engine.Tests;

/// <summary>Parts of lockleak.exe that need no debugger.</summary>
[TestClass]
public sealed class HostPartTests
{
    private const string Url = "https://symbols.example/s";

    [TestMethod]
    [DataRow(@"C:\sym", "")]
    [DataRow(@"srv*C:\sym*" + Url, @"C:\sym < " + Url)]
    [DataRow(@"C:\plain;SRV*C:\a*\\share\b*" + Url, @"C:\a, \\share\b < " + Url)]
    [DataRow("srv*" + Url, "std < " + Url)]
    [DataRow("srv**" + Url, "std < " + Url)]
    [DataRow("srv*", "std < https://msdl.microsoft.com/download/symbols")]
    [DataRow(@"cache*C:\near;srv*" + Url, @"C:\near < " + Url)]
    [DataRow(@"cache*;srv*C:\a*" + Url, @"std, C:\a < " + Url)]
    [DataRow(@"symsrv*symsrv.dll*C:\a*" + Url, @"C:\a < " + Url)]
    [DataRow(@"srv*\\share\store", @" < \\share\store")]
    [DataRow(";;srv;symsrv*;cache", "")]
    public void SymbolPathsAreReadAsDebuggersReadThem(string path, string expected) =>
        Assert.AreEqual(expected,
            string.Join(" | ", SymbolSource.Parse(path, "std").Select(source => $"{string.Join(", ", source.Caches)} < {source.Store}")));

    [TestMethod]
    [DataRow(@"d:\obj\ntkrnlmp.pdb", "ntkrnlmp.pdb")]
    [DataRow(@"\\server\share\My Driver.pdb", "My Driver.pdb")]
    [DataRow(@"..\..\x.pdb", "x.pdb")]
    [DataRow(@"a.pdb\..", null)]
    [DataRow("..", null)]
    [DataRow("x.exe:stream", null)]
    [DataRow("x?.pdb", null)]
    [DataRow("", null)]
    [DataRow("x.html", null)]
    public void NamesFromTheTargetBecomePathsOnlyWhenTheyAreNames(string path, string? name) =>
        Assert.AreEqual(name, SymbolFile.Pdb(path, Guid.NewGuid(), 1)?.Name);

    [TestMethod]
    public void KeysAreThoseOfSymbolServers()
    {
        Assert.AreEqual("0892DBA4EC8FAB104C4C44205044422E1A",
            SymbolFile.Pdb("a.pdb", Guid.Parse("0892dba4-ec8f-ab10-4c4c-44205044422e"), 26)!.Key);
        Assert.AreEqual("3C5028DE144f000", SymbolFile.Image("ntoskrnl.exe", 0x3C5028DE, 0x144F000)!.Key);
    }

    /// <summary>What the engine 10.0.29507 printed, in the pieces in which it did.</summary>
    [TestMethod]
    public void AnswersAreSeenInWhatTheEngineSaysOfTheProtocol()
    {
        List<string> seen = [];
        var protocol = new KdProtocol(() => seen.Add("asked"), () => seen.Add("answered"), () => seen.Add("heard"));
        foreach (string piece in (string[])
        [
            "\nSendReceiveManip(Api=", "3146", ")\n", "WRITE: Write type MANIP packet\n", "READ: Wait for type ", "ACK", " packet\n",
            "READ: Received correct ACK packet.\n", "READ: Wait for type ", "MANIP", " packet\n", "READ: Timeout.\n",
            "READ: Wait for type ", "MANIP", " packet\n",
            "      PacketType=0x2, Bytes=0x38, PacketId=0x80800001,\n", "READ: Received Type ", "MANIP",
            " data packet with id = 0x80800001 successfully.\n",
            "READ: Wait for type ", "STATE_CHANGE64", " packet\n", "DbgKdContinue(10002,10002) returns 00000000\n",
            ">>>> WriteAll(0x80072746,0x00000000,16,0) fails.\n",
        ])
        {
            protocol.Take(piece);
        }

        CollectionAssert.AreEqual((string[])["asked", "asked", "asked", "heard", "answered", "answered", "asked"], seen);
    }
}
