using System.Collections.Concurrent;
using System.IO.Compression;

namespace LockLeak.Tests.Code;

/// <summary>The compiled corpus as it is kept in the folder Corpus/Built and in this assembly, with what it was made from.</summary>
internal static class CorpusImages
{
    private static readonly ConcurrentDictionary<string, byte[]> Known = new();

    /// <summary>The image file of a build.</summary>
    public static byte[] Of(string build) => Known.GetOrAdd(build, name =>
    {
        using BrotliStream content = new(Resource(name + ".sys.br"), CompressionMode.Decompress);
        using MemoryStream bytes = new();
        content.CopyTo(bytes);
        return bytes.ToArray();
    });

    /// <summary>The hash of the sources and the versions of the compilers, a line each.</summary>
    public static string[] MadeFrom
    {
        get
        {
            using StreamReader reader = new(Resource("made-from.txt"));
            return reader.ReadToEnd().Trim().Split('\n');
        }
    }

    /// <summary>Makes all of them anew.</summary>
    public static void Rebuild()
    {
        string folder = Directory.CreateDirectory(Path.Combine(CorpusSources.Folder, "Built")).FullName;
        foreach (string build in CorpusCompiler.Builds)
        {
            using BrotliStream content = new(File.Create(Path.Combine(folder, build + ".sys.br")), CompressionLevel.SmallestSize);
            content.Write(CorpusCompiler.Compile(build));
        }

        File.WriteAllText(Path.Combine(folder, "made-from.txt"), $"{CorpusSources.Hash}\n{CorpusCompiler.Versions}\n");
    }

    private static Stream Resource(string name) =>
        typeof(CorpusImages).Assembly.GetManifestResourceStream("Corpus/" +
            name) ?? throw new FileNotFoundException($"There is no {name}. {CorpusTests.HowToRebuild}");
}
