using System.Diagnostics;

namespace KernelImages.Symbols;

/// <summary>The LLVM tools (apt: clang-19 llvm-19 lld-19). Only needed to make images anew; what tests use is in Prebuilt.</summary>
internal static class Llvm
{
    private const string Version = "19";

    /// <summary>True when all tools are there.</summary>
    public static bool IsInstalled => Tools.All(tool => Search(tool) is not null);

    private static string[] Tools => [CCompiler, Compiler, Assembler, Library, Linker];

    private static string CCompiler => "clang-" + Version;

    private static string Library => "llvm-dlltool-" + Version;

    private static string Compiler => "llc-" + Version;

    private static string Assembler => "llvm-mc-" + Version;

    private static string Linker => "lld-link-" + Version;

    /// <summary>The version that the tools state, such as "19.1.7".</summary>
    public static string ReadVersion() =>
        Run(Linker, ".", "--version").Split(' ').First(word => word.StartsWith(Version, StringComparison.Ordinal)).Trim();

    /// <summary>Compiles an IR module.</summary>
    public static void Compile(string folder, string source, string output) =>
        Run(Compiler, folder, "-filetype=obj", "-mtriple=x86_64-pc-windows-msvc", source, "-o", output);

    /// <summary>Compiles C to assembly with line numbers, as if the source lay where <see cref="Link"/> says.</summary>
    public static void CompileC(string folder, string source, string output) =>
        Run(CCompiler, folder, [
            "--target=x86_64-pc-windows-msvc", "-Os", "-ffreestanding", "-fasynchronous-unwind-tables", "-fno-stack-protector", "-mno-sse",
            "-Wall", "-Werror",
            "-g", "-gcodeview", "-gno-codeview-command-line", @"-fdebug-compilation-dir=d:\kernel", "-S", source, "-o", output]);

    /// <summary>Makes an import library.</summary>
    public static void MakeLibrary(string folder, string dll, IEnumerable<string> exports, string output)
    {
        File.WriteAllText(Path.Combine(folder, "exports.def"), $"LIBRARY {dll}\nEXPORTS\n{string.Join('\n', exports)}\n");
        Run(Library, folder, "-m", "i386:x86-64", "-d", "exports.def", "-l", output);
    }

    /// <summary>Assembles a source file.</summary>
    public static void Assemble(string folder, string source, string output) =>
        Run(Assembler, folder, "-filetype=obj", "-triple=x86_64-pc-windows-msvc", source, "-o", output);

    /// <summary>Links objects to an image with a PDB. The result depends on the objects alone, not on the machine or the time.</summary>
    public static void Link(string folder, string image, string pdb, string entryPoint, IEnumerable<string> objects) =>
        Run(Linker, folder, [
            "/nologo", "/Brepro", "/debug", $"/pdb:{pdb}", $"/pdbaltpath:{pdb}", @"/pdbsourcepath:d:\kernel", $"/out:{image}",
            $"/entry:{entryPoint}",
            "/subsystem:native", "/nodefaultlib", "/base:0x140000000", "/fixed", "/driver", "/release", "/opt:noref", "/opt:noicf",
            "/incremental:no",
            .. objects]);

    private static string? Search(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, tool))
            .FirstOrDefault(File.Exists);

    private static string Run(string tool, string folder, params string[] arguments)
    {
        ProcessStartInfo start =
            new(tool, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{tool} failed:\n{errors.Result}{output}");
        return output;
    }
}
