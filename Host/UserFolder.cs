using System.Text.RegularExpressions;

namespace LockLeak.Host;

/// <summary>
/// The engine looks for images in the current directory first, whatever its path says (seen with 10.0.29507), and that may be
/// where a stranger's dump lies. So the program leaves that directory, and what the user wrote relative to it is made whole here.
/// </summary>
internal static partial class UserFolder
{
    /// <summary>Leaves the current directory for that of the program, whose files are run in any case.</summary>
    public static void Leave() => Environment.CurrentDirectory = AppContext.BaseDirectory;

    /// <summary>Folders with semicolons between, and <c>srv*folder*url</c>, as whole paths.</summary>
    public static string WholePath(string path) =>
        string.Join(';', path.Split(';').Select(element => string.Join('*', element.Split('*').Select(WholePart))));

    /// <summary>A command line whose files of the options -dot and -html are whole paths.</summary>
    public static string WholeCommand(string command) =>
        FileOption().Replace(command, option => $"{option.Groups["option"].Value}\"{Path.GetFullPath(option.Groups["file"].Value)}\"");

    private static string WholePart(string part) =>
        part.Trim() is { Length: > 0 } folder && !Keyword().IsMatch(folder) && !folder.Contains("://", StringComparison.Ordinal)
            ? Path.GetFullPath(folder) : part;

    [GeneratedRegex("^(srv|cache|symsrv|symsrv[.]dll)$", RegexOptions.IgnoreCase)]
    private static partial Regex Keyword();

    [GeneratedRegex("""(?<option>!\w[^;"]*\s-(dot|html)\s+)("(?<file>[^"]+)"|(?<file>[^\s";-][^\s";]*))""", RegexOptions.ExplicitCapture)]
    private static partial Regex FileOption();
}
