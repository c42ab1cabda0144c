namespace KernelImages.Scenarios;

/// <summary>All scenarios.</summary>
public static class ScenarioLibrary
{
    /// <summary>Every scenario, each of which has a name of its own.</summary>
    public static IReadOnlyList<Scenario> All { get; } = [Walkthrough.PushLock153];

    /// <summary>The scenario with a name.</summary>
    public static Scenario Find(string name) =>
        All.FirstOrDefault(scenario => scenario.Name == name)
        ?? throw new ArgumentException($"No scenario {name}. There are: {string.Join(" ", All.Select(scenario => scenario.Name))}.", nameof(name));
}
