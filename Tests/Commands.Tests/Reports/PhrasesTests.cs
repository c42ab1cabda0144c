using CsCheck;
using LockLeak.Reports;

namespace LockLeak.Tests.Reports;

/// <summary>Times and counts in words.</summary>
[TestClass]
public sealed class PhrasesTests
{
    [TestMethod]
    [DataRow(0L, "0s")]
    [DataRow(999L, "0s")]
    [DataRow(59_999L, "59s")]
    [DataRow(60_000L, "1m00s")]
    [DataRow(65_000L, "1m05s")]
    [DataRow(3_599_999L, "59m59s")]
    [DataRow(3_600_000L, "1h00m")]
    [DataRow(86_399_999L, "23h59m")]
    [DataRow(86_400_000L, "1d00h")]
    [DataRow(100L * 86_400_000, "100d00h")]
    public void ADurationIsShort(long milliseconds, string expected) => Assert.AreEqual(expected, Phrases.Duration(milliseconds));

    [TestMethod]
    public void AnUnknownDurationIsNothing() => Assert.AreEqual("", Phrases.Duration(null));

    [TestMethod]
    public void ADurationIsNeverLongerThanTheTruthAndNeverFarFromIt() =>
        Gen.Long[0, 1L << 35].Sample(milliseconds =>
        {
            TimeSpan said = Parse(Phrases.Duration(milliseconds)), truth = TimeSpan.FromMilliseconds(milliseconds);
            Assert.IsLessThanOrEqualTo(truth, said);
            Assert.IsLessThan(truth < TimeSpan.FromHours(1)
                ? TimeSpan.FromSeconds(1) : truth < TimeSpan.FromDays(1) ? TimeSpan.FromMinutes(1) : TimeSpan.FromHours(1), truth - said);
        });

    [TestMethod]
    [DataRow(0L, "0 threads")]
    [DataRow(1L, "1 thread")]
    [DataRow(2012L, "2,012 threads")]
    public void CountsHaveTheirPlural(long number, string expected) => Assert.AreEqual(expected, Phrases.Count(number, "thread"));

    [TestMethod]
    [DataRow(1L, "1 process")]
    [DataRow(179L, "179 processes")]
    public void ProcessesHaveTheirPlural(long number, string expected) => Assert.AreEqual(expected, Phrases.Count(number, "process"));

    private static TimeSpan Parse(string text)
    {
        TimeSpan sum = TimeSpan.Zero;
        int number = 0;
        foreach (char c in text)
        {
            (sum, number) = c switch
            {
                'd' => (sum + TimeSpan.FromDays(number), 0),
                'h' => (sum + TimeSpan.FromHours(number), 0),
                'm' => (sum + TimeSpan.FromMinutes(number), 0),
                's' => (sum + TimeSpan.FromSeconds(number), 0),
                _ => (sum, number * 10 + (c - '0')),
            };
        }

        return sum;
    }
}
