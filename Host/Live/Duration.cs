using System.Globalization;

namespace LockLeak.Host;

/// <summary>A span of time as users write it.</summary>
internal static class Duration
{
    private static readonly (string Name, double Milliseconds)[] Units = [("ms", 1), ("s", 1000), ("m", 60_000)];

    /// <summary>Reads "30" (seconds), "30s", "1.5m" or "500ms"; null when it is no time greater than zero.</summary>
    public static TimeSpan? Parse(string text)
    {
        (string unit, double milliseconds) = Units.FirstOrDefault(unit => text.EndsWith(unit.Name, StringComparison.Ordinal), ("", 1000));
        bool isNumber = double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out double number);
        return isNumber && number * milliseconds is > 0 and < int.MaxValue ? TimeSpan.FromMilliseconds(number * milliseconds) : null;
    }

    /// <summary>Writes it so that <see cref="Parse"/> reads the same.</summary>
    public static string Write(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalMilliseconds}ms");
}
