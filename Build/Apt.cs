using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace LockLeak.Build;

/// <summary>Installs packages of Debian and Ubuntu. What apt-get and dpkg print is shown only where they fail.</summary>
internal static partial class Apt
{
    // Somebody else's installation, as of a machine that was just started, is waited for; a silent server is not.
    private static readonly string[] Always =
    [
        "-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::http::Timeout=20", "-o", "Acquire::https::Timeout=20", "-o", "Acquire::Retries=1",
    ];

    /// <summary>Installs them; says in one line what that costs.</summary>
    /// <param name="packages">Their names.</param>
    /// <param name="whereKnown">More of them, which not every Debian or Ubuntu has.</param>
    /// <param name="isRoot">Whether this process may do it; else it asks sudo.</param>
    /// <param name="canType">Whether somebody can type a password.</param>
    /// <exception cref="BuildException">That is not possible here; the message says why, and what to type.</exception>
    public static void Install(IReadOnlyList<string> packages, IReadOnlyList<string> whereKnown, bool isRoot, bool canType)
    {
        string names = string.Join(' ', packages.Concat(whereKnown));
        string command = $"apt-get update && apt-get install --yes --no-install-recommends {names}";
        if (Shell.Find("apt-get") is null)
        {
            throw new BuildException(
                $"this needs what Debian and Ubuntu call {names}, and there is no apt-get here to install it; " +
                "install it as this system does, then try again");
        }

        string[] root = isRoot ? [] : Sudo(names, command, canType);
        List<string> complaints = [];
        // A source of packages that cannot be reached need not be the one that has these: the installation tells.
        Run([.. root, "apt-get", .. Always, "update"], complaints);
        string[] all = [.. packages, .. whereKnown.Where(IsKnown)];
        string[] install = ["--no-install-recommends", "install", .. all];
        string cost = Cost([.. root, "apt-get", .. Always, "--assume-no", .. install]);
        using var progress = new ProgressLine($"Installing {string.Join(' ', all)} with apt-get{cost}");
        int exitCode = Run([.. root, "apt-get", .. Always, "-o", "APT::Status-Fd=1", "--yes", .. install], complaints, progress);
        if (exitCode != 0)
        {
            string why = complaints.Count > 0 ? complaints[0] : $"exit code {exitCode}";
            throw new BuildException($"apt-get cannot install {names} ({why}); when that is cured try again, or have root run: {command}");
        }
    }

    private static bool IsKnown(string package)
    {
        bool known = false;
        Shell.Read(Start(["apt-cache", "policy", package]), line =>
            known |= line.StartsWith("  Candidate: ", StringComparison.Ordinal) && !line.EndsWith("(none)", StringComparison.Ordinal));
        return known;
    }

    private static string[] Sudo(string names, string command, bool canType)
    {
        if (Shell.Find("sudo") is null)
        {
            throw new BuildException(
                $"this links and runs Windows programs, for which {names} must be installed, " +
                $"and there is no sudo here; have root run: {command}");
        }

        if (Shell.Read(new ProcessStartInfo("sudo", ["-n", "true"]), _ => { }) != 0)
        {
            if (!canType)
            {
                throw new BuildException(
                    $"this links and runs Windows programs, for which {names} must be installed, " +
                    $"and sudo asks for a password that nobody can type here; have root run: {command}");
            }

            Shell.Say($"sudo asks for your password, to install {names}.");
        }

        return ["sudo"];
    }

    /// <summary>" (12 packages, 34.5 MB to fetch, 67 MB of disk)", or nothing when apt-get does not say it.</summary>
    private static string Cost(string[] command)
    {
        string count = "", fetch = "", disk = "";
        Shell.Read(Start(command), line =>
        {
            count = Match(NewPackages(), line) ?? count;
            fetch = Match(Download(), line) ?? fetch;
            disk = Match(Space(), line) ?? disk;
        });
        return count == "" ? "" : $" ({count} packages, {fetch} to fetch, {disk} of disk)";
    }

    private static string? Match(Regex pattern, string line) =>
        pattern.Match(line) is { Success: true } match ? match.Groups[1].Value : null;

    private static int Run(string[] command, List<string> complaints, ProgressLine? progress = null) => Shell.Read(Start(command), line =>
    {
        if (line.StartsWith("E: ", StringComparison.Ordinal) || line.StartsWith("sudo: ", StringComparison.Ordinal))
        {
            complaints.Add(line);
        }
        else if (Status().Match(line) is { Success: true } status &&
            double.TryParse(status.Groups["percent"].Value, CultureInfo.InvariantCulture, out double percent))
        {
            progress?.Show($"{(status.Groups["what"].Value == "dl" ? "fetched" : "installed")} {percent:0} %");
        }
    });

    private static ProcessStartInfo Start(string[] command)
    {
        // Through env, for sudo passes no variables on.
        string[] environment = ["/usr/bin/env", "LC_ALL=C", "DEBIAN_FRONTEND=noninteractive"];
        string[] all = command[0] == "sudo" ? ["sudo", .. environment, .. command[1..]] : [.. environment, .. command];
        return new ProcessStartInfo(all[0], all[1..]);
    }

    // "0 upgraded, 111 newly installed, 0 to remove and 3 not upgraded."
    [GeneratedRegex(@"(\d+) newly installed")]
    private static partial Regex NewPackages();

    // "Need to get 12.3 MB/279 MB of archives.", where some are there already; Debian 13 writes "Download size: 12.3 MB / 279 MB".
    [GeneratedRegex(@"^(?:Need to get |\s*Download size: )([\d.,]+ [kMG]?B)")]
    private static partial Regex Download();

    // "After this operation, 1,411 MB of additional disk space will be used."; Debian 13: "Space needed: 1,411 MB / 79.0 GB available".
    [GeneratedRegex(@"^(?:After this operation, |\s*Space needed: )([\d.,]+ [kMG]?B)")]
    private static partial Regex Space();

    // https://salsa.debian.org/apt-team/apt/-/blob/main/README.progress-reporting
    [GeneratedRegex(@"^(?<what>dl|pm)status:[^:]*(?::[^:]*)?:(?<percent>\d+(\.\d+)?):")]
    private static partial Regex Status();
}
