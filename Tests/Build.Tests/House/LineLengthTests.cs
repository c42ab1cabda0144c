namespace LockLeak.Build.Tests.House;

/// <summary>
/// Lines of code can be read without scrolling. Text between three quotes, such as SQL, JSON and what a command prints, has lines of
/// its own.
/// </summary>
[TestClass]
public sealed class LineLengthTests
{
    private const int Longest = 140;

    private const string ThreeQuotes = "\"\"\"";

    [TestMethod]
    [DataRow("Benchmarks")]
    [DataRow("Build")]
    [DataRow("Commands")]
    [DataRow("DbgEng")]
    [DataRow("Extension")]
    [DataRow("Fleet")]
    [DataRow("Host")]
    [DataRow("HtmlReport")]
    [DataRow("Layouts")]
    [DataRow("Mcp")]
    [DataRow("Tests")]
    public void NoLineIsTooLong(string folder)
    {
        IEnumerable<string> tooLong =
            from file in Directory.EnumerateFiles(Repository.Path(folder), "*.cs", SearchOption.AllDirectories)
            let name = Path.GetRelativePath(Repository.Root, file)
            where !name.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")
            from line in LongLines(file)
            select $"{name}:{line}";

        Assert.AreEqual("", string.Join('\n', tooLong));
    }

    /// <summary>Numbers of the lines that are too long.</summary>
    private static IEnumerable<int> LongLines(string file)
    {
        bool isText = false;
        foreach ((int index, string line) in File.ReadLines(file).Index())
        {
            int quotes = line.Split(ThreeQuotes).Length - 1;
            if (line.Length > Longest && !isText && quotes == 0)
            {
                yield return index + 1;
            }

            isText ^= quotes % 2 != 0;
        }
    }
}
