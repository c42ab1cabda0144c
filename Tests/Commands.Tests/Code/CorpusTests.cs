using System.Diagnostics;
using System.Globalization;
using LockLeak.Code;

namespace LockLeak.Tests.Code;

/// <summary>
/// The answers about the functions of the corpus, each asked about as a thread's start routine, against the truth that
/// stands beside them in the sources.
/// </summary>
[TestClass]
public sealed class CorpusTests(TestContext context)
{
    /// <summary>How the images are made anew after a change of the sources.</summary>
    internal const string HowToRebuild =
        "Run CorpusTests with LOCKLEAK_REBUILD_CORPUS=1 on a machine that has the compilers (CorpusCompiler.cs says which), then build " +
        "again.";

    // Enough for the slowest function on a machine that is busy with other tests: what is said must not depend on time.
    private static readonly CodeLimits Limits = CodeLimits.Prompt with { Time = TimeSpan.FromSeconds(60) };

    [TestMethod]
    public void NoCleanFunctionIsAccusedAndMostLeaksAreSaidPlainly() => Check(CorpusImages.Of);

    [TestMethod]
    public void TheImagesAreThoseOfTheSources()
    {
        if (Environment.GetEnvironmentVariable("LOCKLEAK_REBUILD_CORPUS") is not null)
        {
            CorpusImages.Rebuild();
            return;
        }

        Assert.AreEqual(CorpusImages.MadeFrom[0], CorpusSources.Hash, $"The sources were changed. {HowToRebuild}");
        if (CorpusCompiler.Versions is not { } versions)
        {
            Assert.Inconclusive("The compilers are not here.");
        }
        else if (versions == CorpusImages.MadeFrom[1])
        {
            foreach (string build in CorpusCompiler.Builds)
            {
                Assert.IsTrue(CorpusImages.Of(build).AsSpan().SequenceEqual(CorpusCompiler.Compile(build)), build);
            }
        }
        else
        {
            Check(CorpusCompiler.Compile);
        }
    }

    private void Check(Func<string, byte[]> imageOf)
    {
        List<string> wrong = [],
            table = ["build             leaks  plain  on a condition  takes  missed | clean  silent  on a condition  takes  ACCUSED | " +
                "hand-overs  silent |   ms"];
        foreach (string build in CorpusCompiler.Builds)
        {
            var clock = Stopwatch.StartNew();
            var said = Ask(imageOf(build)).ToLookup(answer => answer.Truth, answer => answer);
            table.Add(Row(build, said, clock.Elapsed));
            wrong.AddRange(said[Truth.Clean].Where(answer => answer.Said == Said.Plainly).Select(answer =>
                $"{build}: {answer.Function} is clean"));
            wrong.AddRange(said[Truth.Leak].Where(answer => answer.Said == Said.Nothing).Select(answer =>
                $"{build}: {answer.Function} leaks, and nothing is said of it"));
            wrong.AddRange(said[Truth.HandsOver].Where(answer => answer.Said == Said.Nothing).Select(answer =>
                $"{build}: {answer.Function} hands its lock over, and nothing is said of it"));
            int plain = said[Truth.Leak].Count(answer => answer.Said == Said.Plainly), leaks = said[Truth.Leak].Count();
            if (plain * 100 < leaks * 80)
            {
                wrong.Add($"{build}: {plain} of {leaks} leaks are said plainly");
            }
        }

        context.WriteLine(string.Join('\n', table));
        Assert.AreEqual("", string.Join('\n', wrong));
    }

    private static string Row(string build, ILookup<Truth, Answer> said, TimeSpan time)
    {
        int Count(Truth truth, Said what) => said[truth].Count(answer => answer.Said == what);
        return string.Create(CultureInfo.InvariantCulture,
            $"{build,-16}  {said[Truth.Leak].Count(),5}  {Count(Truth.Leak, Said.Plainly),5}  {Count(Truth.Leak, Said.OnCondition),14}  " +
                $"{Count(Truth.Leak, Said.Takes),5}  {Count(Truth.Leak, Said.Nothing),6} | " +
            $"{said[Truth.Clean].Count(),5}  {Count(Truth.Clean, Said.Nothing),6}  {Count(Truth.Clean, Said.OnCondition),14}  " +
                $"{Count(Truth.Clean, Said.Takes),5}  {Count(Truth.Clean, Said.Plainly),7} | " +
            $"{said[Truth.HandsOver].Count(),10}  {Count(Truth.HandsOver, Said.Nothing),6} | {time.TotalMilliseconds,4:0}");
    }

    private static IEnumerable<Answer> Ask(byte[] image)
    {
        var driver = new LoadedDriver(image);
        var code = new CodeSites(driver, () => false, Limits);
        foreach ((string function, Truth truth) in CorpusSources.Functions)
        {
            if (driver.Exports.TryGetValue(function, out ulong start))
            {
                yield return new Answer(function, truth, WhatIsSaid(code.OfStartRoutine(start, new WantedLock(0, null, null))));
            }
        }
    }

    private static Said WhatIsSaid(CodeAnswer answer)
    {
        bool Accuses(CodeSite site) => site.Verdict is SiteVerdict.NeverReleases or SiteVerdict.CanReturn;
        return answer.Sites.Any(site => Accuses(site) && site.Unless.Count == 0 && site.Raises is null) ? Said.Plainly
            : answer.Sites.Any(Accuses) ? Said.OnCondition
            : answer.Sites.Any(site => site.Verdict is SiteVerdict.Takes or SiteVerdict.CannotTell) || answer.Notes.Count > 0 ? Said.Takes
            : Said.Nothing;
    }

    private enum Said
    {
        Nothing,
        Takes,
        OnCondition,
        Plainly,
    }

    private sealed record Answer(string Function, Truth Truth, Said Said);
}
