using KernelImages.Kernel;
using LockLeak;
using LockLeak.Layouts;
using LockLeak.Target;

namespace KernelImages.LockStates.Check;

/// <summary>A state on a build, and what the product says wrongly of it.</summary>
/// <param name="State">The state.</param>
/// <param name="Build">The build, such as "10.0.22621".</param>
/// <param name="Faults">All that is wrong.</param>
public sealed record StateResult(LockState State, string Build, IReadOnlyList<Fault> Faults);

/// <summary>Runs the commands on states in memory, each on a machine of its own.</summary>
public static class StateRun
{
    /// <summary>Checks states on builds on which they could have happened.</summary>
    /// <param name="states">The states.</param>
    /// <param name="isWanted">Tells which builds to take, by build number.</param>
    public static IReadOnlyList<StateResult> InMemory(IEnumerable<LockState> states, Func<string, bool> isWanted) =>
        [.. from state in states from build in state.Builds where isWanted(build) select InMemory(state, KernelTypes.Load(build))];

    private static StateResult InMemory(LockState state, KernelTypes types)
    {
        SyntheticKernel kernel = SyntheticKernel.Build(LockStateMachine.Of(state.Id, state), types);
        InMemoryTarget target = new(kernel);
        return new StateResult(state, types.File.Build, new StateCheck(kernel, line => Answer(target, line)).Run(state));
    }

    private static string Answer(ITarget target, string line)
    {
        string[] words = line.Split(' ', 2);
        OutputConsole console = new();
        CommandResult result = CommandHost.Run(words[0], words[1], target, console);
        return result.Status >= 0 && console.Errors.Length == 0 ? console.Output : throw new InvalidOperationException(console.Errors);
    }

    private sealed class OutputConsole : IConsole
    {
        public string Output { get; private set; } = "";

        public string Errors { get; private set; } = "";

        public bool TakesDml => false;

        public bool IsInterrupted => false;

        public void Write(string text) => Output += text;

        public void WriteDml(string dml) => Output += dml;

        public void WriteError(string text) => Errors += text;

        public void Progress(string text)
        {
        }
    }
}
