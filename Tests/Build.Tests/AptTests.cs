namespace LockLeak.Build.Tests;

/// <summary>What is said when packages are installed, and when they cannot be.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public class AptTests
{
    private static readonly string[] Packages = ["lld-19", "wine64"];

    // As apt-get and dpkg of Debian 12 print it.
    private const string AptGet = """
        case "$*" in
        *--assume-no*)
            echo '0 upgraded, 111 newly installed, 0 to remove and 0 not upgraded.'
            echo 'Need to get 279 MB of archives.'
            echo 'After this operation, 1411 MB of additional disk space will be used.'
            exit 1 ;;
        *install*)
            echo 'dlstatus:1:20.5:Retrieving file 1 of 3'
            echo 'Selecting previously unselected package lld-19.'
            echo 'debconf: unable to initialize frontend: Dialog' >&2
            echo 'pmstatus:lld-19:75.0000:Unpacking lld-19 (amd64)' ;;
        esac
        """;

    [TestMethod]
    public void OneLineSaysWhatItCosts()
    {
        using var programs = new Programs();
        using var said = new Said();
        programs.Add("apt-get", AptGet);

        Apt.Install(Packages, [], isRoot: true, canType: false);

        Assert.HasCount(1, said.Errors);
        Assert.Contains("Installing lld-19 wine64 with apt-get (111 packages, 279 MB to fetch, 1411 MB of disk)", said.Errors[0]);
    }

    [TestMethod]
    public void WhatThisReleaseLacksIsLeftOut()
    {
        using var programs = new Programs();
        using var said = new Said();
        programs.Add("apt-get", AptGet);
        programs.Add("apt-cache", """[ "$2" = jq ] && echo '  Candidate: 1.6-2.1' || echo '  Candidate: (none)' """);

        Apt.Install(["wine64"], ["chromium", "jq"], isRoot: true, canType: false);

        Assert.EndsWith("--yes --no-install-recommends install wine64 jq", programs.Calls[^1]);
    }

    [TestMethod]
    public void SudoIsAskedByWhoIsNotRoot()
    {
        using var programs = new Programs();
        using var said = new Said();
        programs.Add("apt-get", AptGet);
        programs.Add("sudo", """[ "$1" = -n ] || exec "$@" """);

        Apt.Install(Packages, [], isRoot: false, canType: false);

        Assert.IsNotEmpty(programs.Calls.Where(call =>
            call.StartsWith("apt-get ", StringComparison.Ordinal) && call.EndsWith("install lld-19 wine64", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void WhatAptSaysIsTheReason()
    {
        using var programs = new Programs();
        using var said = new Said();
        programs.Add("apt-get", "echo 'E: Unable to locate package lld-19' >&2; exit 100");

        Assert.AreEqual(
            "apt-get cannot install lld-19 wine64 (E: Unable to locate package lld-19); when that is cured try again, or have root run: " +
            "apt-get update && apt-get install --yes --no-install-recommends lld-19 wine64",
            WhyNot(isRoot: true, canType: false));
    }

    [TestMethod]
    public void WithoutSudoOneLineSaysWhatToRun()
    {
        using var programs = new Programs(alone: true);
        programs.Add("apt-get");

        Assert.AreEqual(
            "this links and runs Windows programs, for which lld-19 wine64 must be installed, and there is no sudo here; have root run: " +
            "apt-get update && apt-get install --yes --no-install-recommends lld-19 wine64",
            WhyNot(isRoot: false, canType: true));
        Assert.IsEmpty(programs.Calls);
    }

    [TestMethod]
    public void APasswordThatNobodyCanTypeIsTheReason()
    {
        using var programs = new Programs();
        programs.Add("apt-get");
        programs.Add("sudo", "exit 1");

        string why = WhyNot(isRoot: false, canType: false);
        Assert.Contains("sudo asks for a password that nobody can type here; have root run: apt-get update", why);
    }

    [TestMethod]
    public void AWrongPasswordIsTheReason()
    {
        using var programs = new Programs();
        using var said = new Said();
        programs.Add("apt-get");
        programs.Add("sudo", "echo 'sudo: 3 incorrect password attempts' >&2; exit 1");

        Assert.Contains("(sudo: 3 incorrect password attempts)", WhyNot(isRoot: false, canType: true));
        Assert.Contains("sudo asks for your password, to install lld-19 wine64.", said.Errors);
    }

    [TestMethod]
    public void AnotherSystemIsToldWhatItNeeds()
    {
        using var programs = new Programs(alone: true);

        Assert.Contains("what Debian and Ubuntu call lld-19 wine64, and there is no apt-get here", WhyNot(isRoot: true, canType: true));
    }

    private static string WhyNot(bool isRoot, bool canType) =>
        Assert.ThrowsExactly<BuildException>(() => Apt.Install(Packages, [], isRoot, canType)).Message;
}
