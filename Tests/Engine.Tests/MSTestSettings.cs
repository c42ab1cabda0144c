using KernelImages;
using KernelImages.Kernel;
using KernelImages.Scenarios;
using LockLeak.Build;
using LockLeak.Layouts;

// Each test starts a debugger of its own.
[assembly: Parallelize(Workers = 2, Scope = ExecutionScope.MethodLevel)]

namespace LockLeak.Engine.Tests;

/// <summary>What all tests here need.</summary>
[TestClass]
public static class Setup
{
    [AssemblyInitialize]
    public static void Prepare(TestContext context)
    {
        Wine.StartServices(Path.Combine(Repository.Binaries, "lockleak.exe"), "-z", Repository.SampleDump);

        // Looking into code has a time limit, and in memory the first answer compiles what it runs through.
        var sample = new InMemoryTarget(SyntheticKernel.WithImages(Walkthrough.PushLock153, KernelTypes.Load(Dumps.Usual)));
        CommandHost.Run("lockleak", "-v", sample, new TextConsole());
    }
}
