using System.Globalization;
using System.Xml.Linq;

namespace LockLeak.Build;

/// <summary>How much of the code in Commands its tests run. Coverlet counts it while they run (Commands.Tests.csproj).</summary>
/// <param name="Lines">Of all lines with code, from 0 to 1.</param>
/// <param name="Branches">Of all ways that conditions can go, from 0 to 1.</param>
internal sealed record Coverage(double Lines, double Branches)
{
    /// <summary>The environment variable that names the folder for coverlet's report; without it nothing is counted.</summary>
    public const string Variable = "LOCKLEAK_COVERAGE";

    private const double Least = 0.9;

    /// <summary>Whether it is what we ask of ourselves.</summary>
    public bool IsEnough => Lines > Least && Branches > Least;

    /// <summary>The report in a folder; null when there is none.</summary>
    public static Coverage? Read(string folder)
    {
        // https://github.com/cobertura/web/blob/master/htdocs/xml/coverage-04.dtd
        return Directory.EnumerateFiles(folder, "*.cobertura*.xml").FirstOrDefault() is { } file && XDocument.Load(file).Root is { } root
            ? new Coverage((double)root.Attribute("line-rate")!, (double)root.Attribute("branch-rate")!) : null;
    }

    /// <summary>What the user reads.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"Tests of Commands run {Lines:P1} of its lines and {Branches:P1} of its branches" +
        $"{(IsEnough ? "" : $": more than {Least:P0} is asked for")}");
}
