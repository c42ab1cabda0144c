namespace LockLeak.Fleet;

/// <summary>Files that the program carries in itself.</summary>
internal static class Resource
{
    /// <summary>The text of one.</summary>
    public static string Text(string name)
    {
        using var reader = new StreamReader(typeof(Resource).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
