namespace LockLeak.Build.Tests.House;

/// <summary>The circles of files that use each other, directly or through others: none of them can be read or changed alone.</summary>
internal static class FileCircles
{
    /// <summary>The circles as text: each arrow that is part of one, with a use that makes it. Empty when there is none.</summary>
    /// <param name="types">The types of an assembly.</param>
    /// <param name="root">The folder that the names of files start in.</param>
    public static string Text(IReadOnlyCollection<CompiledType> types, string root)
    {
        ILookup<string, CompiledType> typesOf = types.Where(type => type.File is not null).ToLookup(type => type.File!);
        Dictionary<string, HashSet<string>> reached = typesOf.ToDictionary(file => file.Key, file => Reached(file, typesOf));
        IEnumerable<string> arrows =
            from file in typesOf
            orderby file.Key
            from arrow in file.SelectMany(type => type.Uses, (type, used) => (type, used)).DistinctBy(arrow => arrow.used.File)
            let other = arrow.used.File
            where other is not null && other != file.Key && reached[other].Contains(file.Key)
            select $"{Name(file.Key)} -> {Name(other)}: {arrow.type.Name} uses {arrow.used.Name}";
        return string.Join('\n', arrows);

        string Name(string file) => Path.GetRelativePath(root, file);
    }

    /// <summary>The files that a file uses, and those that they use in turn; itself only when one of them uses it again.</summary>
    private static HashSet<string> Reached(IEnumerable<CompiledType> types, ILookup<string, CompiledType> typesOf)
    {
        var reached = new HashSet<string>();
        var open = new Queue<CompiledType>(types);
        while (open.TryDequeue(out CompiledType? type))
        {
            IEnumerable<string> used = type.Uses.Select(used => used.File).Where(file => file != type.File).OfType<string>();
            foreach (CompiledType next in used.Where(reached.Add).SelectMany(file => typesOf[file]))
            {
                open.Enqueue(next);
            }
        }

        return reached;
    }
}
