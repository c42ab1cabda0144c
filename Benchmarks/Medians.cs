namespace LockLeak.Benchmarks;

/// <summary>The middle of what was measured, which a few disturbed rounds do not move.</summary>
internal static class Medians
{
    /// <summary>The median, the upper one of an even number.</summary>
    public static double Median(this IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
