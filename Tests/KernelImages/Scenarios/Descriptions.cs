namespace KernelImages.Scenarios;

/// <summary>What a machine tells of itself.</summary>
public static class Descriptions
{
    /// <summary>The file server is loaded, with the computer's name.</summary>
    public static Scenario Named { get; } =
        new("machine-name", "The file server knows the computer's name, and the machine has run for days")
        {
            MachineName = "BUILD07",
            Drivers = [new("srv", 0xfffff807_45970000)],
            Processors = 6,
            Time = new(2024, 2, 29, 23, 59, 59, 999, DateTimeKind.Utc),
            Uptime = TimeSpan.FromDays(61.5),
            Processes = [new("app.exe", 0x700) { Threads = [new("thread", 0x704)] }],
        };

    /// <summary>All of them.</summary>
    internal static IReadOnlyList<Scenario> All { get; } = [Named];
}
