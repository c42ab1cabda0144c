namespace LockLeak.Tests;

/// <summary>
/// Questions about code have a limit of a quarter of a second, which covers any driver in the product, where all code is compiled
/// beforehand. Here the first answer compiles what it runs through.
/// </summary>
[TestClass]
public static class WarmUp
{
    /// <summary>Runs through it once.</summary>
    [AssemblyInitialize]
    public static void CompileWhatLooksIntoCode(TestContext context)
    {
        foreach (string scenario in (string[])["pushlock153", "deadlock2"])
        {
            Session.Run(Machines.Target(scenario), "!lockleak -v");
        }
    }
}
