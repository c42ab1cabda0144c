using System.Globalization;

namespace KernelImages.Damaged;

/// <summary>
/// Which seeds a run of the tests takes: a fixed share, fresh ones where the verb <c>fuzz</c> asks for more, or the one that a failure
/// printed.
/// </summary>
public static class FuzzSeeds
{
    /// <summary>The one to repeat, from LOCKLEAK_FUZZ_SEED; null when there is none.</summary>
    public static int? Repeated => (int?)Number("LOCKLEAK_FUZZ_SEED");

    /// <summary>A variable that the verb sets; null when it is not set.</summary>
    public static double? Number(string variable) =>
        double.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out double number) ? number : null;

    /// <summary>The seeds of a run.</summary>
    /// <param name="variable">Holds how many the verb asks for.</param>
    /// <param name="share">How many there are without it; always the same.</param>
    public static IReadOnlyList<int> Of(string variable, int share) =>
        Repeated is { } seed ? [seed]
        : Number(variable) is { } count ? [.. Enumerable.Range(Random.Shared.Next(int.MaxValue - (int)count), (int)count)]
        : [.. Enumerable.Range(0, share)];

    /// <summary>The random numbers of a seed. Those of <see cref="Random(int)"/> are much alike for neighbours.</summary>
    public static Random RandomOf(int seed)
    {
        // The end of MurmurHash3 (https://github.com/aappleby/smhasher): each bit of the seed changes every bit.
        uint mixed = (uint)seed;
        mixed = (mixed ^ mixed >> 16) * 0x85eb_ca6b;
        mixed = (mixed ^ mixed >> 13) * 0xc2b2_ae35;
        return new Random((int)(mixed ^ mixed >> 16));
    }
}
