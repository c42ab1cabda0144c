using LockLeak.Build;

const string Usage = """
    ./build.sh <verb>    (Windows: .\build.ps1 <verb>)

      build      LockLeak.dll, lockleak.exe and lockleak-mcp.exe beside the debugger engine, in artifacts/win-x64
      run        build what it needs, then !lockleak on the sample dump; what stands after it goes to lockleak.exe instead
      test       build, then all tests
      bench      build, then the benchmarks; what stands after it goes to BenchmarkDotNet; bench counts, scale,
                 engine or fleet: one part of them
      fuzz       damaged machines in memory for that many minutes, 10 if none are given; each failure names its seed;
                 "fuzz dumps" builds, then damaged dumps in the engine, 200 or as many as stand after it;
                 "fuzz live" the same with sessions on live machines over a bad link, 50
      mutants    faults put into a copy of the code one by one, each of which the test named for it has to notice
      types      the built-in types in Commands/Kernel/BuiltIn anew, after a change in Layouts or of what the code asks
      package    build, then what users install: artifacts/LockLeak.zip; "package arm64", on Windows, for the ARM64 debugger too
      -h         this text

    On Linux it installs what is missing with apt and keeps a Wine prefix in artifacts/wine (or in WINEPREFIX, if that is set).
    """;

try
{
    switch (args)
    {
        case ["build"]:
            Verbs.Build();
            Verbs.BuildRest();
            return 0;
        case ["run", .. var rest]:
            Verbs.Build();
            return Verbs.Run(rest);
        case ["test"]:
            if (!OperatingSystem.IsWindows())
            {
                LinuxTools.InstallForTests();
            }

            Verbs.Build();
            Verbs.BuildRest();
            return TestRun.Run();
        case ["bench", .. var rest]:
            Verbs.Build();
            Shell.Run("dotnet", ["run", "--configuration", "Release", "--project", Repository.Path("Benchmarks"), "--", .. rest]);
            return 0;
        case ["fuzz", "dumps", .. var count] when count.Length < 2:
            Verbs.Build();
            return FuzzRun.Dumps(count is [var dumps] ? dumps : "200");
        case ["fuzz", "live", .. var count] when count.Length < 2:
            Verbs.Build();
            return FuzzRun.Sessions(count is [var sessions] ? sessions : "50");
        case ["fuzz", .. var minutes] when minutes.Length < 2:
            return FuzzRun.Memory(minutes is [var given] ? given : "10");
        case ["mutants"]:
            return MutantRun.Run();
        case ["types"]:
            Shell.Run("dotnet", ["run", "--configuration", "Release", "--project", Repository.Path("Layouts")]);
            return 0;
        case ["package"] or ["package", "arm64"]:
            bool withArm64 = args.Length > 1;
            string zip = Repository.Path("artifacts", "LockLeak.zip");
            Verbs.Build();
            Verbs.BuildRest();
            if (withArm64)
            {
                Verbs.BuildForArm64();
            }

            Package.Make(zip, withArm64);
            Console.WriteLine(zip);
            return 0;
        case [] or ["-h" or "--help" or "-?" or "help"]:
            Console.WriteLine(Usage);
            return 0;
        default:
            throw new BuildException($"unknown: {string.Join(' ', args)}\n{Usage}");
    }
}
catch (BuildException e)
{
    Console.Error.WriteLine($"build: {e.Message}");
    return 2;
}
