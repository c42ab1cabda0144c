using KernelImages.Damaged;
using LockLeak.Build;

namespace LockLeak.Engine.Tests.Damaged;

/// <summary>What the tests with damage share.</summary>
internal static class Fuzz
{
    /// <summary>Set by the verb: how many dumps.</summary>
    public const string Dumps = "LOCKLEAK_FUZZ_DUMPS";

    /// <summary>Set by the verb: how many live sessions.</summary>
    public const string Sessions = "LOCKLEAK_FUZZ_SESSIONS";

    private static readonly string[] Commands = ["lockleak: ", "pushlock: ", "threadlocks: "];

    /// <summary>Leaves the figures of a run where the verb looks for them.</summary>
    public static void Keep(string variable, string figures)
    {
        if (FuzzSeeds.Number(variable) is not null)
        {
            File.WriteAllText(Repository.FuzzFigures, figures + "\n");
        }
    }

    /// <summary>What a command said, without what the engine says of itself on the way.</summary>
    public static Said Said(string line, Answer answer)
    {
        string complaints = string.Concat(answer.Errors.Split('\n').Where(IsOurs).Select(error => error + "\n"));
        return new Said(line, answer.Return >= 0, answer.Reports is [var report] ? report.GetRawText() : answer.Output, complaints);
    }

    /// <summary>Whether a line is one of ours, and not the engine's.</summary>
    public static bool IsOurs(string line) => Array.Exists(Commands, command => line.StartsWith(command, StringComparison.Ordinal));
}
