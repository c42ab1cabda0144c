using LockLeak.Code.Values;

namespace LockLeak.Tests.Code;

/// <summary>Sets of numbers, against all numbers of three bits counted out.</summary>
[TestClass]
public sealed class ValueRangeTests
{
    private const int Width = 3, Numbers = 8;

    private static IEnumerable<ValueRange> All =>
        from first in Enumerable.Range(0, Numbers)
        from last in Enumerable.Range(0, Numbers)
        from hole in Enumerable.Range(-1, Numbers + 1)
        let range = new ValueRange((ulong)first, (ulong)last, Width)
        where hole < 0 || (range.Contains((ulong)hole) && hole != first && hole != last)
        select hole < 0 ? range : range with { Hole = (ulong)hole };

    [TestMethod]
    public void AnIntersectionHoldsWhatBothHold()
    {
        foreach (ValueRange a in All)
        {
            foreach (ValueRange b in All.Where(range => range.Hole is null))
            {
                ValueRange? both = a.Intersect(b);
                ulong[] expected = [.. In(a).Intersect(In(b))];
                Assert.AreEqual(expected.Length == 0, both is null, $"{a} and {b}");
                Assert.IsTrue(both is not { } found || expected.All(found.Contains), $"{a} and {b}: {both}");
            }
        }
    }

    [TestMethod]
    public void ADecisionIsRight()
    {
        foreach (ValueRange a in All)
        {
            foreach (ValueRange b in All.Where(range => range.Hole is null))
            {
                bool always = In(a).All(b.Contains), never = !In(a).Any(b.Contains);
                Assert.AreEqual(always ? true : never ? false : null, a.Decide(b), $"{a} in {b}");
            }
        }
    }

    [TestMethod]
    public void AJoinHoldsBothAndComesToAnEnd()
    {
        foreach (ValueRange a in All)
        {
            foreach (ValueRange b in All)
            {
                ValueRange joined = a.Join(b);
                Assert.IsTrue(In(a).Concat(In(b)).All(joined.Contains), $"{a} or {b}: {joined}");
                Assert.AreEqual(joined, joined.Join(a), $"{a} or {b}");
                Assert.AreEqual(joined, joined.Join(b), $"{a} or {b}");
            }
        }
    }

    [TestMethod]
    public void FewerBitsHoldTheSmallNumbers()
    {
        foreach (ValueRange range in All.Where(range => range.Hole is null))
        {
            ulong[] expected = [.. In(range).Where(number => number < 4)];
            ValueRange? narrow = range.Narrow(2);
            Assert.AreEqual(expected.Length == 0, narrow is null, $"{range}");
            Assert.IsTrue(narrow is not { } found ||
                Enumerable.Range(0, 4).All(number => found.Contains((ulong)number) == expected.Contains((ulong)number)),
                $"{range}: {narrow}");
        }
    }

    private static IEnumerable<ulong> In(ValueRange range) =>
        Enumerable.Range(0, Numbers).Select(number => (ulong)number).Where(range.Contains);
}
