using KernelImages;
using LockLeak.Target;

namespace LockLeak.Tests.Commands;

/// <summary>What a wrong command line, a wrong target and a wrong address are answered with.</summary>
[TestClass]
public sealed class BadInputTests
{
    /// <summary>Every command on every kind of target that it cannot work with.</summary>
    public static IEnumerable<(string Line, TargetFacts Facts, string Message)> WrongTargets =>
        from line in (string[])["!lockleak", "!lockleak -json", "!threadlocks", "!threadlocks ffffc788`39108040",
            "!pushlock ffffc788`3a0f6f70"]
        from target in ((TargetFacts, string)[])
        [
            (new(TargetKind.None, true, false, 0, 8, 0x8664), "No target is open"),
            (new(TargetKind.Dump, false, false, 22621, 8, 0x8664), "This is a user-mode target"),
            (new(TargetKind.Dump, true, false, 19041, 4, 0x14c), "This is a 32-bit kernel"),
        ]
        select (line, target.Item1, target.Item2);

    /// <summary>A debugger's command line may have 32 KB, and messages repeat it.</summary>
    [TestMethod]
    [DataRow("!lockleak ")]
    [DataRow("!lockleak -")]
    [DataRow("!lockleak -p ")]
    [DataRow("!threadlocks ")]
    [DataRow("!pushlock ")]
    public void AMessageDoesNotRepeatThousandsOfCharacters(string line)
    {
        Answer answer = Session.Run(Machines.Target("clean"), line + new string('x', 30_000));

        Assert.AreNotEqual(CommandResult.Ok, answer.Result.Status);
        Assert.IsLessThan(1200, answer.Errors.Length);
        Assert.Contains("xxx...\n", answer.Errors);
    }

    [TestMethod]
    [DataRow("!lockleak ffffc788`39108040", "Unexpected argument 'ffffc788`39108040'.")]
    [DataRow("!lockleak -x", "Unknown option -x.")]
    [DataRow("!lockleak -s", "Unknown option -s.")]
    [DataRow("!lockleak -wr WrPushLock", "Unknown option -wr.")]
    [DataRow("!lockleak -p", "-p needs a value.")]
    [DataRow("!lockleak -p -v", "-p needs a value.")]
    [DataRow("!lockleak -p \"\"", "-p needs a value.")]
    [DataRow("!lockleak -p @$nonsense", "Cannot evaluate '@$nonsense'.")]
    [DataRow("!lockleak -dot", "-dot needs a value.")]
    [DataRow("!threadlocks -wr", "-wr needs a value.")]
    [DataRow("!threadlocks -wr ,", "-wr needs a value.")]
    [DataRow("!threadlocks -wr Nonsense", "'Nonsense' is no wait reason of _KWAIT_REASON.")]
    [DataRow("!threadlocks -wr WrPushLock,Nonsense -json", "'Nonsense' is no wait reason of _KWAIT_REASON.")]
    [DataRow("!threadlocks @$nonsense", "Cannot evaluate '@$nonsense'.")]
    [DataRow("!threadlocks nt!NoSuchThing -v", "Cannot evaluate 'nt!NoSuchThing'.")]
    [DataRow("!threadlocks -dot x", "Unknown option -dot.")]
    [DataRow("!lockleak -fast -p System", "-fast walks over no process: it does not go with -p or -check.")]
    [DataRow("!lockleak -check -fast", "-fast walks over no process: it does not go with -p or -check.")]
    [DataRow("!threadlocks -fast", "Unknown option -fast.")]
    [DataRow("!pushlock", "Which push lock? Give its address.")]
    [DataRow("!pushlock -v", "Which push lock? Give its address.")]
    [DataRow("!pushlock ffffc788`3a0f6f70 -a", "Unknown option -a.")]
    [DataRow("!pushlock 12 34", "Cannot evaluate '12 34'.")]
    [DataRow("!lockhelp nonsense", "There is no help on 'nonsense'.")]
    [DataRow("!lockhelp ../lockleak", "There is no help on '../lockleak'.")]
    [DataRow("!help -v", "Unknown option -v.")]
    public void AWrongCommandLineGetsOneLineAndTheUsage(string line, string message)
    {
        InMemoryTarget target = Machines.Target("pushlock153");

        Answer answer = Session.Run(target, line);

        string name = line[1..].Split(' ')[0];
        string usage = CommandHost.Commands.Single(command => command.Name == name).Usage;
        Assert.AreEqual($"{name}: {message}\nUsage: {usage}\n", answer.Errors);
        Assert.AreEqual("", answer.Output);
        Assert.AreEqual(new CommandResult(CommandResult.InvalidArgument, 0), answer.Result);
        Assert.IsLessThanOrEqualTo(1, target.Reads, "a wrong command line is no reason to read the machine");
    }

    [TestMethod]
    public void AnUnknownCommandGetsOneLine()
    {
        Answer answer = Session.Run(Machines.Target("clean"), "!nonsense -v");
        Assert.AreEqual("LockLeak has no command 'nonsense'.\n", answer.Errors);
        Assert.AreEqual(CommandResult.InvalidArgument, answer.Result.Status);
    }

    [TestMethod]
    [DynamicData(nameof(WrongTargets))]
    public void ATargetThatIsNo64BitKernelGetsOneLine(string line, TargetFacts facts, string message)
    {
        Answer answer = Session.Run(new OtherTarget(Machines.Target("pushlock153")) { Facts = facts }, line);

        StringAssert.StartsWith(answer.Errors, $"{line[1..].Split(' ')[0]}: {message}");
        AssertOneLine(answer);
    }

    [TestMethod]
    [DataRow("!lockleak")]
    [DataRow("!threadlocks")]
    [DataRow("!pushlock ffffc788`3a0f6f70")]
    public void AnUnknownBuildWithoutSymbolsIsToldHowToGetThem(string line)
    {
        var target = new OtherTarget(
            new InMemoryTarget(Machines.Kernel("pushlock153")) { HasNoSymbols = true })
        {
            Facts = new(
            TargetKind.Dump, true, false, 6000, 8, 0x8664)
        };

        Answer answer = Session.Run(target, line);

        StringAssert.Contains(answer.Errors,
            "symbols for nt are missing and build 6000 has no built-in types. Try: .symfix; .reload /f nt");
        AssertOneLine(answer);
    }

    [TestMethod]
    public void BuiltInTypesAreNotTriedOnAnotherProcessor()
    {
        const uint arm64 = 0xAA64;
        var target = new OtherTarget(
            new InMemoryTarget(Machines.Kernel("pushlock153")) { HasNoSymbols = true })
        {
            Facts = new(
            TargetKind.Dump, true, false, 22621, 8, arm64)
        };

        Answer answer = Session.Run(target, "!lockleak");

        StringAssert.Contains(answer.Errors,
            "symbols for nt are missing and the built-in types are those of x64. Try: .symfix; .reload /f nt");
        AssertOneLine(answer);
    }

    [TestMethod]
    [DataRow(false, "symbols for nt are missing and the built-in types do not fit the memory of this build 22621. Try: .symfix; .reload " +
        "/f nt")]
    [DataRow(true, "The kernel's types are not known: the built-in types do not fit the memory of this build 22621. Try without -nosym.")]
    public void BuiltInTypesThatDoNotFitAreNotUsed(bool hasSymbols, string message)
    {
        // Threads of 14393 under the number of 22621.
        var target = new OtherTarget(
            new InMemoryTarget(Machines.Kernel("pushlock153", "10.0.14393")) { HasNoSymbols = !hasSymbols })
        {
            Facts = new(
            TargetKind.Dump, true, false, 22621, 8, 0x8664)
        };

        Answer answer = Session.Run(target, "!lockleak -nosym");

        StringAssert.Contains(Session.Run(target, hasSymbols ? "!lockleak -nosym" : "!lockleak").Errors, message);
        AssertOneLine(answer);
    }

    [TestMethod]
    [DataRow("!pushlock 0", "00000000`00000000")]
    [DataRow("!pushlock 7ff612340000", "00007ff6`12340000")]
    [DataRow("!pushlock ffffdead`0000c0d0", "ffffdead`0000c0d0")]
    [DataRow("!pushlock ffffffff`ffffffff", "ffffffff`ffffffff")]
    [DataRow("!threadlocks 0", "00000000`00000000")]
    [DataRow("!threadlocks ffffdead`0000c0d0", "ffffdead`0000c0d0")]
    [DataRow("!threadlocks ffffc788`31ceb040", "ffffc788`31ceb040", DisplayName = "!threadlocks with a process")]
    [DataRow("!lockleak -p ffffdead`0000c0d0", "ffffdead`0000c0d0")]
    [DataRow("!threadlocks -p ffffc788`39108040 -json", "ffffc788`39108040", DisplayName = "-p with a thread")]
    [DataRow("!lockleak -p nosuch.exe", "'nosuch.exe'")]
    [DataRow("!threadlocks -p 9999 -s", "'9999'")]
    [DataRow("!lockleak -p \"no such.exe\" -json", "'no such.exe'")]
    public void WhatIsNotThereGetsOneLineThatNamesIt(string line, string named)
    {
        Answer answer = Session.Run(Machines.Target("pushlock153"), line);

        StringAssert.Contains(answer.Errors, named);
        AssertOneLine(answer);
    }

    [TestMethod]
    public void ALockWhosePageIsGoneGetsOneLine()
    {
        var target = new InMemoryTarget(Machines.Kernel("pushlock153"));
        ulong address = target.Kernel.Lock("file lock");
        target.Unreadable.Add((address, address + 8));
        AssertOneLine(Session.Run(target, $"!pushlock {address:x}"));
    }

    private static void AssertOneLine(Answer answer)
    {
        Assert.AreEqual(1, answer.Errors.Count(c => c == '\n'), answer.Errors);
        Assert.IsTrue(answer.Errors.EndsWith('\n'));
        Assert.DoesNotContain("internal error", answer.Errors);
        Assert.AreEqual("", answer.Output);
        Assert.AreEqual(new CommandResult(CommandResult.Failed, 0), answer.Result);
    }
}
