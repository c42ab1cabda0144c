using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using LockLeak.Build;
using LockLeak.Code;

namespace LockLeak.Tests.Code;

/// <summary>
/// Tests/LockDriver, the driver for real machines: it links, imports what a kernel exports, and its code is a sample for the code
/// analysis, which finds the leaks that were put there and accuses nothing else.
/// </summary>
[TestClass]
public sealed partial class LockDriverTests
{
    private const string Headers = "/usr/x86_64-w64-mingw32/include/ddk/ntifs.h";
    private const ulong PreferredBase = 0x1_4000_0000;

    private static readonly Lazy<(byte[] Image, IReadOnlyDictionary<string, ulong> Functions)?> Built = new(Build);

    [TestMethod]
    [DataRow("Leak", "ExAcquirePushLockExclusiveEx")]
    public void TheLeakIsSeenInTheCode(string function, string routine)
    {
        CodeSite site = Ask(function).Sites.Single();

        Assert.AreEqual((SiteVerdict.NeverReleases, routine), (site.Verdict, site.Routine));
    }

    [TestMethod]
    [DataRow("HoldShared")]
    [DataRow("WaitExclusively")]
    [DataRow("FirstThenSecond")]
    [DataRow("SecondThenFirst")]
    [DataRow("PushLockThenResource")]
    [DataRow("ResourceThenFastMutex")]
    [DataRow("FastMutexThenPushLock")]
    [DataRow("Work")]
    [DataRow("HoldResource")]
    [DataRow("WaitForResourceShared")]
    [DataRow("FirstThenSecondMutex")]
    [DataRow("SecondThenFirstMutex")]
    [DataRow("HoldFastMutex")]
    [DataRow("WaitForFastMutex")]
    public void WhoGivesHisLocksBackIsNotAccused(string function) =>
        Assert.IsFalse(Ask(function).Sites.Any(site => site.Verdict is SiteVerdict.NeverReleases or SiteVerdict.CanReturn), function);

    private static CodeAnswer Ask(string function)
    {
        if (Built.Value is not { } built)
        {
            Assert.Inconclusive("The compilers are not here: clang-19, lld-19, llvm-19 and gcc-mingw-w64-x86-64.");
            throw new UnreachableException();
        }

        var code = new CodeSites(new LoadedDriver(built.Image), () => false, CodeLimits.Prompt with { Time = TimeSpan.FromSeconds(60) });
        return code.OfStartRoutine(built.Functions[function], new WantedLock(0, null, null));
    }

    private static (byte[], IReadOnlyDictionary<string, ulong>)? Build()
    {
        if (CorpusCompiler.Versions is null || !File.Exists(Headers))
        {
            return null;
        }

        string folder = Directory.CreateTempSubdirectory("LockDriver").FullName;
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo(Repository.Path("Tests", "LockDriver", "build.sh"), [folder]) { RedirectStandardError = true })!;
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.AreEqual(0, process.ExitCode, errors);
            return (File.ReadAllBytes(Path.Combine(folder, "LockDriver.sys")),
                Symbol().Matches(File.ReadAllText(Path.Combine(folder, "LockDriver.map")))
                    .ToDictionary(symbol => symbol.Groups["name"].Value,
                        symbol => LoadedDriver.Start +
                            ulong.Parse(symbol.Groups["address"].Value, NumberStyles.AllowHexSpecifier,
                            CultureInfo.InvariantCulture) - PreferredBase));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // " 0001:000009cb       Leak                       00000001400019cb     Situations.obj"
    [GeneratedRegex(@"^ 0001:[0-9a-f]+\s+(?<name>\w+)\s+(?<address>[0-9a-f]{16})\s+Situations\.obj", RegexOptions.Multiline)]
    private static partial Regex Symbol();
}
