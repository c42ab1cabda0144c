using System.Text.RegularExpressions;

namespace LockLeak.Host;

/// <summary>A file as symbol servers know it: name/key/name.</summary>
/// <param name="Name">Such as ntkrnlmp.pdb.</param>
/// <param name="Key">What tells builds of it apart.</param>
internal sealed partial record SymbolFile(string Name, string Key)
{
    /// <summary>A PDB (https://github.com/dotnet/symstore/blob/main/docs/specs/SSQP_Key_Conventions.md).</summary>
    /// <param name="path">
    /// Its path as the image names it. Only the last part counts: the path is from the machine that built it, or made up.
    /// </param>
    /// <param name="signature">The GUID.</param>
    /// <param name="age">The age.</param>
    /// <returns>Null when the name is none that a server would have.</returns>
    public static SymbolFile? Pdb(string path, Guid signature, int age) => Of(path, $"{signature:N}".ToUpperInvariant() + $"{age:X}");

    /// <summary>An image.</summary>
    /// <param name="path">Its path on the machine.</param>
    /// <param name="timeDateStamp">From its header.</param>
    /// <param name="size">Of the image in memory.</param>
    /// <returns>Null when the name is none that a server would have.</returns>
    public static SymbolFile? Image(string path, uint timeDateStamp, uint size) => Of(path, $"{timeDateStamp:X8}{size:x}");

    /// <summary>Where it lies in a store.</summary>
    public string In(string store) => Path.Combine(store, Name, Key, Name);

    /// <summary>Whether a file begins as its kind does; a page that says "please sign in" does not.</summary>
    public bool Begins(ReadOnlySpan<byte> content) =>
        content.StartsWith(Name.EndsWith(".pdb", StringComparison.OrdinalIgnoreCase) ? "Microsoft C/C++ MSF 7.00"u8 : "MZ"u8);

    private static SymbolFile? Of(string path, string key)
    {
        string name = path[(path.LastIndexOfAny(['\\', '/']) + 1)..];
        return Ordinary().IsMatch(name) ? new SymbolFile(name, key) : null;
    }

    // The target's memory says the name, and it becomes part of a path here and of a request.
    [GeneratedRegex(@"^\w[\w .+-]{0,100}\.(pdb|exe|sys|dll)$", RegexOptions.IgnoreCase | RegexOptions.ECMAScript)]
    private static partial Regex Ordinary();
}
