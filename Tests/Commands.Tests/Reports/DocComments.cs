using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace LockLeak.Tests.Reports;

/// <summary>What the documentation comments of an assembly say of its types and their properties, as plain text.</summary>
/// <param name="assembly">An assembly with its documentation file beside it.</param>
internal sealed partial class DocComments(Assembly assembly)
{
    private readonly Dictionary<string, XElement> members = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"))
        .Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);

    /// <summary>The summary of a type.</summary>
    public string Of(Type type) => Text(members[$"T:{type}"].Element("summary")!);

    /// <summary>The summary of a property, or what its record says of the parameter that it is made of.</summary>
    public string Of(MemberInfo property) => Of($"{property.DeclaringType}", property.Name);

    private string Of(string type, string property)
    {
        XElement? comment = members.GetValueOrDefault($"P:{type}.{property}");
        if (comment?.Element("inheritdoc") is { } inherited)
        {
            string source = inherited.Attribute("cref")!.Value["P:".Length..];
            return Of(source[..source.LastIndexOf('.')], source[(source.LastIndexOf('.') + 1)..]);
        }

        return Text(comment?.Element("summary") ??
            members[$"T:{type}"].Elements("param").Single(parameter => parameter.Attribute("name")!.Value == property));
    }

    /// <summary>The text of a comment on one line. It names a property as JSON does.</summary>
    private static string Text(XElement comment) => Blanks().Replace(string.Concat(comment.Nodes().Select(node => node switch
    {
        XElement element when element.Attribute("cref") is { } property => JsonNamingPolicy.CamelCase.ConvertName(
            property.Value[(property.Value.LastIndexOf('.') + 1)..]),
        XElement element => element.Value,
        _ => node.ToString(SaveOptions.DisableFormatting),
    })), " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
