using System.Globalization;
using System.Text.RegularExpressions;
using KernelImages.Kernel;

namespace KernelImages.Symbols;

/// <summary>The scenarios' driver from C: compiled with line numbers, its functions put where the scenarios have them.</summary>
internal static partial class DriverAssembly
{
    private const string Header = "TestDriver.h";

    /// <summary>In the order in which their code lies in the image.</summary>
    private static readonly string[] Sources = ["TestDriver", "FileNames"];

    /// <summary>Makes the object files.</summary>
    /// <param name="folder">An empty folder to work in.</param>
    /// <returns>Their names, and that of the kernel's import library.</returns>
    public static IReadOnlyList<string> Compile(string folder)
    {
        File.WriteAllText(Path.Combine(folder, Header), Read(Header));
        foreach (string source in Sources)
        {
            string assembly = Path.Combine(folder, source + ".s");
            File.WriteAllText(Path.Combine(folder, source + ".c"), Read(source + ".c"));
            Llvm.CompileC(folder, source + ".c", source + ".s");
            if (source == Sources[0]) File.WriteAllText(assembly,
                Label().Replace(File.ReadAllText(assembly), label => Place(label.Groups["name"].Value) + label.Value));
            Llvm.Assemble(folder, source + ".s", source + ".obj");
        }
        Llvm.MakeLibrary(folder, "ntoskrnl.exe", Import().Matches(Read(Header)).Select(match => match.Groups["name"].Value),
            "ntoskrnl.lib");
        return [.. Sources.Select(source => source + ".obj"), "ntoskrnl.lib"];
    }

    /// <summary>Between functions there are break points, as linkers put them there.</summary>
    private static string Place(string function) => TestDriver.Symbols.TryGetValue(function, out var symbol)
        ? string.Create(CultureInfo.InvariantCulture,
            $"\t.org {SymbolAssembly.EntryPoint}+0x{symbol.Address - SymbolAssembly.SectionStart:x}, 0xcc\n")
        : "";

    private static string Read(string file)
    {
        using StreamReader reader = new(typeof(DriverAssembly).Assembly.GetManifestResourceStream("Driver/" + file)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^(?<name>\w+):", RegexOptions.Multiline)]
    private static partial Regex Label();

    [GeneratedRegex(@"^IMPORT [^(]*?(?<name>\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Import();
}
