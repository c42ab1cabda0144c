using System.Diagnostics;
using System.Globalization;
using LockLeak.Code;
using StackFrame = LockLeak.Target.StackFrame;

namespace LockLeak.Tests.Code;

/// <summary>Whatever the bytes of a driver are, a question about them ends soon, costs no more than it may, and breaks nothing.</summary>
[TestClass]
public sealed class DamagedCodeTests
{
    private const int Rounds = 400;

    // Four times what a question may take: the clock is looked at between steps, and other tests run at the same time.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    public static IEnumerable<string> Builds => CorpusCompiler.Builds;

    [TestMethod]
    [DynamicData(nameof(Builds))]
    public void DamageEndsInAnAnswer(string build)
    {
        byte[] image = CorpusImages.Of(build);
        for (int seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            var driver = new LoadedDriver(image);
            ulong[] starts = [.. driver.Exports.Values];
            Damage(driver.Bytes, random);
            var code = new CodeSites(driver, () => false, CodeLimits.Prompt);
            var wanted = new WantedLock(random.Next(2) == 0 ? 0 : LoadedDriver.Start + (ulong)random.Next((int)driver.Size), null, null);
            ulong start = starts[random.Next(starts.Length)], inside = LoadedDriver.Start + (ulong)random.Next((int)driver.Size);
            var clock = Stopwatch.StartNew();

            CodeAnswer answer = random.Next(3) switch
            {
                0 => code.OfStartRoutine(start, wanted),
                1 => code.OfStartRoutine(inside, wanted),
                _ => code.HeldAt([new StackFrame(start + (ulong)random.Next(200), 0xffff8000_00000000),
                    new StackFrame(inside, 0xffff8000_00000100)], wanted),
            };

            string what = string.Create(CultureInfo.InvariantCulture, $"{build}, seed {seed}");
            Assert.IsLessThan(Longest, clock.Elapsed, what);
            Assert.IsLessThanOrEqualTo(CodeLimits.Prompt.Bytes, answer.Bytes, what);
        }
    }

    [TestMethod]
    public void ReferencesInDamagedCodeEnd()
    {
        for (int seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            var driver = new LoadedDriver(CorpusImages.Of("clang-O2"));
            Damage(driver.Bytes, random);
            var clock = Stopwatch.StartNew();

            new CodeSites(driver, () => false, CodeLimits.Prompt).ReferencesTo(LoadedDriver.Start + (ulong)random.Next((int)driver.Size));

            Assert.IsLessThan(CodeLimits.WholeModule.Time, clock.Elapsed, $"seed {seed}");
        }
    }

    private static void Damage(Span<byte> bytes, Random random)
    {
        // Code and tables first: the headers are a small part, and most damage there ends the matter at once.
        int from = random.Next(8) == 0 ? 0 : 0x1000;
        for (int i = random.Next(1, 400); i > 0; i--)
        {
            bytes[random.Next(from, bytes.Length)] = (byte)random.Next(256);
        }

        if (random.Next(4) == 0)
        {
            int start = random.Next(from, bytes.Length);
            random.NextBytes(bytes[start..Math.Min(bytes.Length, start + random.Next(0x2000))]);
        }
    }
}
