using KernelImages.Scenarios;

namespace LockLeak.Tests.Reports;

/// <summary>JSON is written as it is made, not put together in memory.</summary>
[TestClass]
public sealed class JsonPiecesTests
{
    [TestMethod]
    public void ALargeReportComesInPieces()
    {
        var console = new RecordingConsole();

        Session.Run(Machines.Target(Ordinary.Busy.Name), "!lockleak -a -json", console);

        Assert.IsLessThan(1 << 16, console.LongestWrite);
        Assert.IsGreaterThan(1 << 20, console.Output.Length);
        StringAssert.EndsWith(console.Output, "}\n");
    }
}
