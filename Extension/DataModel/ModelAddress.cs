using System.Globalization;
using LockLeak.DbgEng;
using LockLeak.DbgEng.DataModel;

namespace LockLeak.Extension.DataModel;

/// <summary>
/// The address that somebody gives a function: a number, a pointer, a string as the commands print it, or where an object of the
/// target lies.
/// </summary>
internal static class ModelAddress
{
    /// <summary>The address.</summary>
    /// <exception cref="DataModelException">It is none of these.</exception>
    public static ulong Of(ModelObject given)
    {
        ulong address = 0;
        bool known = given.Kind switch
        {
            ModelObjectKind.Intrinsic when given.TryGetString(out string text) => TryParse(text, out address),
            ModelObjectKind.Intrinsic => given.TryGetUInt64(out address),
            ModelObjectKind.TargetObject or ModelObjectKind.TargetObjectReference => given.TryGetLocation(out address),
            _ => false,
        };
        const string Otherwise = "That is no address: give a number, a pointer, a string in hexadecimal or an object of the target.";
        return known ? address : throw new DataModelException(HResult.InvalidArgument, Otherwise);
    }

    // "0xffffc7883a0f6f70" of the JSON, "ffffc788`3a0f6f70" of the text. An assistant has nothing but strings.
    private static bool TryParse(string text, out ulong address)
    {
        string digits = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? text[2..] : text;
        return ulong.TryParse(
            digits.Replace("`", "", StringComparison.Ordinal), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out address);
    }
}
