using System.Diagnostics;

namespace LockLeak.Build;

/// <summary>Whether the tests notice faults: each mutant is built in a copy of the sources, and the test that is named for it has to fail.</summary>
internal static class MutantRun
{
    /// <summary>What a test program ends with when all went well, and when a test failed; other numbers say that it did not come to that.</summary>
    private const int Passed = 0, Failed = 2;

    private const string Tests = "Tests/Commands.Tests";

    private static readonly string copy = Repository.Path("artifacts", "mutants");

    /// <summary>Tries all mutants; 0 when each was killed.</summary>
    /// <exception cref="BuildException">The code is not in order even without them, or a mutant does not compile.</exception>
    public static int Run()
    {
        Shell.Say("Building a copy ...");
        CopySources();
        Build();
        if (Test(Mutant.All.Select(mutant => mutant.Test).Distinct()) != Passed)
        {
            throw new BuildException("the tests fail without any mutant");
        }

        int killed = Mutant.All.Count(IsKilled);
        Console.WriteLine($"{killed} of {Mutant.All.Count} mutants killed by the test named");
        return killed == Mutant.All.Count ? 0 : 1;
    }

    private static bool IsKilled(Mutant mutant)
    {
        string file = Path.Combine(copy, mutant.File), sound = File.ReadAllText(file);
        File.WriteAllText(file, sound.Replace(mutant.Original, mutant.Changed, StringComparison.Ordinal));
        Build();
        bool isKilled = Test([mutant.Test]) == Failed;
        File.WriteAllText(file, sound);
        Console.WriteLine($"{(isKilled ? "killed  " : "SURVIVED")}  {mutant.File}: {mutant.Fault} ({mutant.Test})");
        return isKilled;
    }

    private static void CopySources()
    {
        if (Directory.Exists(copy))
        {
            Directory.Delete(copy, recursive: true);
        }

        List<string> files = [];
        Shell.Read(In(Repository.Root, "git", "ls-files", "--cached", "--others", "--exclude-standard"), files.Add);
        foreach (string file in files.Where(file => File.Exists(Repository.Path(file))))
        {
            string target = Path.Combine(copy, file);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(Repository.Path(file), target);
        }
    }

    // What analyzers say of a mutant is of no interest, and takes longer than to compile it.
    private static void Build()
    {
        List<string> output = [];
        string[] options = ["--configuration", "Release", "--verbosity", "quiet", "--nologo"];
        string[] properties = ["-property:RunAnalyzers=false", "-property:TreatWarningsAsErrors=false"];
        if (Shell.Read(In(copy, "dotnet", ["build", Tests, .. options, .. properties]), output.Add) != 0)
        {
            throw new BuildException($"a mutant does not compile:\n{string.Join('\n', output)}");
        }
    }

    private static int Test(IEnumerable<string> tests)
    {
        string filter = string.Join('|', tests.Select(test => $"FullyQualifiedName~{test}"));
        string[] arguments = ["run", "--no-build", "--configuration", "Release", "--project", Tests, "--", "--filter", filter];
        return Shell.Read(In(copy, "dotnet", arguments), _ => { });
    }

    private static ProcessStartInfo In(string folder, string program, params string[] arguments) => new(program, arguments) { WorkingDirectory = folder };
}
