using LockLeak.Build;

namespace LockLeak.Engine.Tests.Seams;

/// <summary>A session that goes on for long: what it takes of memory, and whether the last answer is the first.</summary>
[TestClass]
public sealed class LongLifeTests
{
    private const int Limit = 300_000;
    private const long Megabyte = 1 << 20;

    private static readonly string Extension = Lockleak.PathForWindows(Path.Combine(Repository.Binaries, "LockLeak.dll"));

    public TestContext TestContext { get; set; } = null!;

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public void HundredLoadsTakeNoMoreMemory() =>
        TakesNoMore(100, 100, 16, debugger =>
        {
            debugger.Run(".unload LockLeak");
            debugger.Run($".load {Extension}");
            debugger.Run("dx @$lockgraph().Findings.Count()");
            return debugger.Run("!lockleak -json");
        });

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public void TwoThousandCommandsTakeNoMoreMemory()
    {
        string[] lines =
        [
            "!lockleak -v", "!threadlocks -a", "!pushlock ffffc788`3a0f6f70", "!pushlock nosuch!symbol", "!lockleak -nosym",
            "dx @$lockgraph().Findings[0].Kind",
        ];
        int asked = 0;
        TakesNoMore(1000, 2000, 16, debugger =>
        {
            debugger.Run(lines[asked++ % lines.Length]);
            return asked % 50 == 0 ? debugger.Run("!lockleak -json") : null;
        });
    }

    [TestMethod, Timeout(Limit, CooperativeCancellation = true)]
    public void ThirtyDumpsInOneSessionTakeNoMoreMemory()
    {
        string[] dumps = [Dumps.Of("pushlock153").Path, Dumps.Of("deadlock3").Path];
        int opened = 0;
        TakesNoMore(10, 30, 24, debugger =>
        {
            debugger.Run(".detach");
            debugger.Run($".opendump {Lockleak.PathForWindows(dumps[++opened % 2])}");
            Answer answer = debugger.Run("!lockleak -json");
            return opened % 2 == 0 ? answer : null;
        });
    }

    /// <param name="warm">After so many times everything is as large as it gets: the runtime collects no garbage before.</param>
    /// <param name="all">So many more are watched.</param>
    /// <param name="megabytes">What one of them takes and gives back moves the figure by less than this.</param>
    /// <param name="once">Does it once, and gives the answer that has to stay the same, where there is one.</param>
    private void TakesNoMore(int warm, int all, int megabytes, Func<Debugger, Answer?> once)
    {
        using var debugger = new Debugger(Dumps.Of("pushlock153"));
        for (int i = 0; i < warm; i++)
        {
            once(debugger);
        }

        long before = debugger.WorkingSet;
        for (int i = 0; i < all; i++)
        {
            if (once(debugger) is { } answer)
            {
                Assert.Contains("\"kind\":\"leaked-entry\"", answer.Output, $"time {i}: {answer.Errors}");
            }
        }

        long more = debugger.WorkingSet - before;
        TestContext.WriteLine($"{before / Megabyte} MB, after {all} more times {more / 1024:+#;-#;0} KB");
        Assert.IsLessThan(megabytes * Megabyte, more);
    }
}
