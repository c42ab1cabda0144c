using System.Globalization;
using Iced.Intel;
using LockLeak.Code;
using LockLeak.Target;

namespace LockLeak.Tests.Code;

/// <summary>The locks that are held at a return address, against the routine that is called there: its name is the truth.</summary>
[TestClass]
public sealed class FrameTests(TestContext context)
{
    private static readonly CodeLimits Limits = CodeLimits.Prompt with { Time = TimeSpan.FromSeconds(60) };

    [TestMethod]
    public void AFrameTellsWhichLocksAreHeldThere()
    {
        List<string> wrong = [];
        Dictionary<string, int> exact = [], asked = [];
        foreach (string build in CorpusCompiler.Builds)
        {
            var driver = new LoadedDriver(CorpusImages.Of(build));
            var code = new CodeSites(driver, () => false, Limits);
            foreach ((string function, ulong start) in driver.Exports.OrderBy(export => export.Value))
            {
                foreach ((ulong returnAddress, string truth) in Calls(driver, start))
                {
                    CodeAnswer answer = code.HeldAt([new StackFrame(returnAddress, 0xffff8000_00000000)], new WantedLock(0, null, null));
                    string said = answer.Sites.Count == 0 ? "WhileFree" : answer.Sites.Any(site => site.Verdict == SiteVerdict.Holds)
                        ? "WhileHeld" : "WhileMaybeHeld";
                    asked[truth] = asked.GetValueOrDefault(truth) + 1;
                    exact[truth] = exact.GetValueOrDefault(truth) + (said == truth ? 1 : 0);

                    // A compiler may make two calls of one, each for one of the two cases.
                    if ((said, truth) is ("WhileHeld", "WhileFree") or ("WhileFree", "WhileHeld") || answer.Notes.Count > 0)
                    {
                        string where = string.Create(CultureInfo.InvariantCulture, $"+0x{returnAddress - LoadedDriver.Start:x}");
                        wrong.Add($"{build}: {function}, the frame that returns to {where} is {truth}, said is {said} " +
                            $"{string.Join(' ', answer.Notes)}");
                    }
                }
            }
        }

        foreach ((string truth, int count) in asked)
        {
            context.WriteLine($"{truth,-14} {exact[truth]} of {count} return addresses exactly");
        }

        Assert.AreEqual("", string.Join('\n', wrong));
        Assert.IsGreaterThan(150, asked.Values.Sum());
        Assert.AreEqual(asked["WhileHeld"], exact["WhileHeld"]);
        Assert.AreNotEqual(0, exact["WhileMaybeHeld"]);
    }

    // The calls through the import table to the routines whose names are the truth.
    private static IEnumerable<(ulong ReturnAddress, string Callee)> Calls(LoadedDriver driver, ulong start)
    {
        byte[] code = new byte[0x800];
        Decoder decoder = Decoder.Create(64, code[..driver.Read(start, code)], start);
        ulong end = driver.Exports.Values.Where(other => other > start).DefaultIfEmpty(start + 0x400).Min();
        while (decoder.IP < end && decoder.LastError != DecoderError.NoMoreBytes)
        {
            Instruction instruction = decoder.Decode();
            if (instruction.FlowControl == FlowControl.IndirectCall && instruction.IsIPRelativeMemoryOperand)
            {
                byte[] cell = new byte[8];
                driver.Read(instruction.IPRelativeMemoryAddress, cell);
                if (driver.At(BitConverter.ToUInt64(cell)) is { Name: "WhileHeld" or "WhileFree" or "WhileMaybeHeld" } symbol)
                {
                    yield return (instruction.NextIP, symbol.Name);
                }
            }
        }
    }
}
