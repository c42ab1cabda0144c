using LockLeak.Build;

// Each test starts a debugger of its own.
[assembly: Parallelize(Workers = 2, Scope = ExecutionScope.MethodLevel)]

namespace LockLeak.Engine.Tests;

/// <summary>What all tests here need.</summary>
[TestClass]
public static class Setup
{
    [AssemblyInitialize]
    public static void StartWine(TestContext context) =>
        Wine.StartServices(Path.Combine(Repository.Binaries, "lockleak.exe"), "-z", Repository.SampleDump);
}
