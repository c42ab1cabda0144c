using System.Security.Cryptography;
using System.Text.RegularExpressions;
using LockLeak.Build;

namespace LockLeak.Tests.Code;

/// <summary>What is true of a function of the corpus.</summary>
internal enum Truth
{
    /// <summary>A way through it ends with a lock held, and the result does not say so.</summary>
    Leak,

    /// <summary>No way does.</summary>
    Clean,

    /// <summary>It returns with a lock held on purpose.</summary>
    HandsOver,
}

/// <summary>The sources of the corpus, in the folder Corpus, with the truth that stands beside each function.</summary>
internal static partial class CorpusSources
{
    /// <summary>The folder.</summary>
    public static string Folder => Path.Combine(Repository.Root, "Tests", "Commands.Tests", "Code", "Corpus");

    /// <summary>The source files that are compiled.</summary>
    public static IReadOnlyList<string> Files => [.. Directory.GetFiles(Folder, "*.c*").Order(StringComparer.Ordinal)];

    /// <summary>The functions of all files.</summary>
    public static IReadOnlyDictionary<string, Truth> Functions { get; } = Files.SelectMany(Of).ToDictionary(StringComparer.Ordinal);

    /// <summary>The functions of one file.</summary>
    public static IEnumerable<KeyValuePair<string, Truth>> Of(string file) =>
        Function().Matches(File.ReadAllText(Path.Combine(Folder, file))).Select(match =>
            KeyValuePair.Create(match.Groups["name"].Value, match.Groups["truth"].Value switch
            {
                "LEAK" => Truth.Leak,
                "CLEAN" => Truth.Clean,
                _ => Truth.HandsOver,
            }));

    /// <summary>The names of the routines that the corpus imports.</summary>
    public static IEnumerable<string> Imports =>
        Import().Matches(File.ReadAllText(Path.Combine(Folder, "corpus.h"))).Select(match => match.Groups["name"].Value);

    /// <summary>What tells these sources from others.</summary>
    public static string Hash
    {
        get
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (string file in Files.Append(Path.Combine(Folder, "corpus.h")))
            {
                hash.AppendData(File.ReadAllBytes(file));
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }

    [GeneratedRegex(@"^(?<truth>LEAK|CLEAN|HANDS_OVER) [^(]*?(?<name>\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Function();

    [GeneratedRegex(@"^IMPORT (__attribute__\(\(noreturn\)\) )?[^(]*?(?<name>\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Import();
}
