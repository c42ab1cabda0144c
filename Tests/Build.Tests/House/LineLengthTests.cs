namespace LockLeak.Build.Tests.House;

/// <summary>Lines of code can be read without scrolling. The folders named are held to it; the others will be.</summary>
[TestClass]
public sealed class LineLengthTests
{
    private const int Longest = 140;

    [TestMethod]
    [DataRow("Build")]
    [DataRow("DbgEng")]
    [DataRow("Extension")]
    [DataRow("HtmlReport")]
    [DataRow("Mcp")]
    [DataRow("Tests/Build.Tests")]
    public void NoLineIsTooLong(string folder)
    {
        IEnumerable<string> tooLong =
            from file in Directory.EnumerateFiles(Repository.Path(folder), "*.cs", SearchOption.AllDirectories)
            let name = Path.GetRelativePath(Repository.Root, file)
            where !name.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")
            from line in File.ReadLines(file).Index()
            where line.Item.Length > Longest
            select $"{name}:{line.Index + 1}";

        Assert.AreEqual("", string.Join('\n', tooLong));
    }
}
