using System.Diagnostics;

namespace LockLeak.Tests.Code;

/// <summary>
/// Compiles the corpus to drivers (apt: clang-19 llvm-19 lld-19 gcc-mingw-w64-x86-64 g++-mingw-w64-x86-64). What the
/// tests use is in the folder Corpus/Built.
/// </summary>
internal static class CorpusCompiler
{
    private const string Clang = "clang-19", Gcc = "x86_64-w64-mingw32-gcc", GccPlus = "x86_64-w64-mingw32-g++",
        Library = "llvm-dlltool-19", Linker = "lld-link-19";

    private static readonly string[] ClangOptions =
        ["--target=x86_64-pc-windows-msvc", "-fms-extensions", "-fasynchronous-unwind-tables", "-fno-exceptions", "-fno-rtti",
            "-Wno-everything"];

    private static readonly string[] Common = ["-ffreestanding", "-fno-stack-protector", "-mno-sse"];

    /// <summary>The builds: a compiler and its options.</summary>
    public static readonly IReadOnlyList<string> Builds =
        ["clang-O0", "clang-O1", "clang-O2", "clang-O2-cfguard", "clang-Os", "clang-Oz", "gcc-O1", "gcc-O2", "gcc-O3", "gcc-Os"];

    /// <summary>The versions of the compilers, or null when not all of them are here.</summary>
    public static string? Versions
    {
        get
        {
            string[] tools = [Clang, Gcc, GccPlus, Library, Linker];
            string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
            return tools.All(tool => folders.Any(folder => File.Exists(Path.Combine(folder, tool))))
                ? string.Join(", ", ((string[])[Clang, Gcc, Linker]).Select(tool => Run(".", tool, "--version").Split('\n')[0].Trim()))
                : null;
        }
    }

    /// <summary>Compiles one build.</summary>
    public static byte[] Compile(string build)
    {
        string folder = Directory.CreateTempSubdirectory("LockLeakCorpus").FullName;
        try
        {
            string[] parts = build.Split('-');
            List<string> objects = [];
            foreach (string source in CorpusSources.Files.Where(source => parts[0] == "clang" ||
                Path.GetFileName(source) != "exceptions.c"))
            {
                string output = Path.GetFileNameWithoutExtension(source) + ".obj";
                CompileOne(folder, parts, source, output);
                objects.Add(output);
            }

            if (parts.Length > 2)
            {
                File.WriteAllText(Path.Combine(folder, "guard-cells.c"), GuardCells);
                CompileOne(folder, parts, Path.Combine(folder, "guard-cells.c"), "guard-cells.obj");
                objects.Add("guard-cells.obj");
            }

            File.WriteAllText(Path.Combine(folder, "nt.def"),
                $"LIBRARY ntoskrnl.exe\nEXPORTS\n{string.Join('\n', CorpusSources.Imports.Append("__C_specific_handler"))}\n");
            Run(folder, Library, "-m", "i386:x86-64", "-d", "nt.def", "-l", "nt.lib");
            Run(folder, Linker,
                ["/nologo", "/driver", "/dll", "/noentry", "/subsystem:native", "/nodefaultlib", "/opt:noref,noicf", "/Brepro",
                "/out:driver.sys", .. objects, "nt.lib"]);
            return File.ReadAllBytes(Path.Combine(folder, "driver.sys"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What Microsoft's library has for control flow guard: two cells, and a load configuration that names them.</summary>
    private const string GuardCells = """
        void *__guard_check_icall_fptr, *__guard_dispatch_icall_fptr;
        const struct { unsigned Size; unsigned char A[0x6C]; void *Check, *Dispatch; unsigned char B[0x40]; } _load_config_used =
            { 0xC0, { 0 }, &__guard_check_icall_fptr, &__guard_dispatch_icall_fptr };
        """;

    private static void CompileOne(string folder, string[] build, string source, string output)
    {
        bool isClang = build[0] == "clang", isPlus = source.EndsWith(".cpp", StringComparison.Ordinal);
        string[] own = isClang ? ClangOptions : isPlus ? ["-fno-exceptions", "-fno-rtti", "-w"] : ["-w"];
        string[] guard = build.Length > 2 ? ["-Xclang", "-cfguard"] : [];
        Run(folder, isClang ? Clang : isPlus ? GccPlus : Gcc, [$"-{build[1]}", .. own, .. Common, .. guard, "-c", source, "-o", output]);
    }

    private static string Run(string folder, string tool, params string[] arguments)
    {
        ProcessStartInfo start = new(tool, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{tool} failed:\n{errors.Result}{output}");
    }
}
