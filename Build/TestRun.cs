using System.Diagnostics;

namespace LockLeak.Build;

/// <summary>All tests of the solution, how much code they run, and one line that sums them up.</summary>
internal static class TestRun
{
    /// <summary>Runs them; 0 when all passed, and those of Commands ran enough of its code.</summary>
    /// <exception cref="BuildException">They do not compile, or none ran.</exception>
    public static int Run()
    {
        if (!File.Exists(Repository.Path("Tests", "Engine.Tests", "obj", "project.assets.json")))
        {
            NuGet.Restore(100, "LockLeak.sln");
        }

        Shell.Say("Building the tests ...");
        Shell.Run("dotnet", "build", "LockLeak.sln", "--configuration", "Release", "--verbosity", "quiet", "--nologo");

        var counts = new TestCounts();
        string[] arguments = ["test", "--solution", "LockLeak.sln", "--configuration", "Release", "--no-build"];
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Repository.Root };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en"; // the counts are read
        string folder = Directory.CreateTempSubdirectory("lockleak coverage").FullName;
        start.Environment[Coverage.Variable] = folder;
        int exitCode = Shell.Read(start, line =>
        {
            Console.WriteLine(line);
            counts.Read(line);
        });
        if (counts.Passed + counts.Failed == 0)
        {
            throw new BuildException($"no test ran (dotnet test ended with {exitCode})");
        }

        Coverage? coverage = Coverage.Read(folder);
        Directory.Delete(folder, recursive: true);
        Console.WriteLine($"{coverage?.ToString() ?? "How much code the tests of Commands run was not counted"}");
        Console.WriteLine(counts);
        return exitCode == 0 && counts.Failed == 0 && coverage?.IsEnough != false ? 0 : 1;
    }
}
