using KernelImages.Dump;
using KernelImages.LockStates;
using KernelImages.LockStates.Check;
using KernelImages.Scenarios;
using KernelImages.Symbols;
using LockLeak.Layouts;

const string Usage = """
    KernelImages list                              the scenarios and the Windows builds
    KernelImages dump <scenario | state> <build> <folder> [full|bitmap|triage]
                                                   a crash dump of a scenario, or of a state in LockStates, with its symbols
    KernelImages states [<build> | <state>]...     what LockLeak says wrongly of the machine states in LockStates, and a table of it
    KernelImages sample <folder>                   the sample: the walk-through's dump with symbols and images
    KernelImages unpack <folder>                   the walk-through's dump for every build, each in a folder of its own
    KernelImages prebuilt <folder>                 makes the images and PDBs in Prebuilt anew (needs clang-19, llvm-19 and lld-19)
    """;

try
{
    return Run(args);
}
catch (Exception wrong) when (wrong is ArgumentException or InvalidOperationException)
{
    Console.Error.WriteLine(wrong.Message);
    return 2;
}

static int Run(string[] args)
{
    switch (args)
    {
        case ["list"]:
            foreach (Scenario scenario in ScenarioLibrary.All) Console.WriteLine($"{scenario.Name,-28} {scenario.Title}");
            Console.WriteLine(string.Join(' ', KernelTypes.Builds));
            return 0;
        case ["dump", var name, var build, var folder]:
            Console.WriteLine(DumpFolder.Write(folder, Find(name), KernelTypes.Load(build)));
            return 0;
        case ["dump", var name, var build, var folder, var format] when Enum.TryParse(format, ignoreCase: true, out DumpFormat known):
            Console.WriteLine(DumpFolder.Write(folder, Find(name), KernelTypes.Load(build), known));
            return 0;
        case ["states", .. var wanted]:
            StateTable table = new(StateRun.InMemory(
                LockStateLibrary.All.Where(state => !wanted.Any(IsState) || wanted.Contains(state.Id)), build =>
                wanted.All(IsState) || wanted.Contains(build)));
            Console.Write($"{table.Faults(_ => true)}\n{table.Table()}");
            return 0;
        case ["sample", var folder]:
            DumpFolder.WriteSample(folder);
            return 0;
        case ["unpack", var folder]:
            foreach (string build in KernelTypes.Builds) DumpFolder.Write(Path.Combine(folder, build), Walkthrough.PushLock153,
                KernelTypes.Load(build));
            return 0;
        case ["prebuilt", var folder]:
            PrebuiltImages.Rebuild(folder);
            return 0;
        default:
            Console.Error.WriteLine(Usage);
            return 2;
    }
}

static Scenario Find(string name) =>
    LockStateLibrary.All.FirstOrDefault(state => state.Id == name) is { } state
        ? LockStateMachine.Of(name, state) : ScenarioLibrary.Find(name);

// Builds are numbers.
static bool IsState(string word) => word.StartsWith('s');
