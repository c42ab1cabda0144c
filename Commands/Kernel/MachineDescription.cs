using System.Globalization;
using LockLeak.Target;

namespace LockLeak.Kernel;

/// <summary>Which machine it is, as far as its own memory says so. What cannot be told is null.</summary>
/// <param name="Revision">Build and revision of the kernel's image, "22621.2506".</param>
/// <param name="Lab">nt!NtBuildLab: the build and the branch that it comes from.</param>
/// <param name="Name">The computer's name.</param>
/// <param name="Time">When it stopped, or now while it runs: UTC.</param>
/// <param name="UptimeMilliseconds">How long it has run.</param>
internal sealed record MachineDescription(string? Revision, string? Lab, string? Name, DateTime? Time, long? UptimeMilliseconds)
{
    /// <summary>More than any build lab has.</summary>
    private const int LongestLab = 96;

    /// <summary>Reads it; not once the user has asked to stop.</summary>
    /// <param name="view">The machine.</param>
    /// <param name="withName">Ask for the computer's name: a debugger that loads symbols for it may say something about them.</param>
    public static MachineDescription Read(KernelView view, bool withName) => view.IsInterrupted
        ? new(null, null, null, null, null)
        : new(ReadRevision(view), ReadLab(view), withName ? ReadName(view) : null, view.Clock?.Time, view.Clock?.UptimeMilliseconds);

    /// <remarks>A small dump holds no image; a debugger that is asked for it may fetch one of ten megabytes.</remarks>
    private static string? ReadRevision(KernelView view) =>
        !view.Target.Facts.IsTriageDump && view.Target.TryGetGlobal(KernelGlobal.PsActiveProcessHead, out ulong variable) &&
        view.Target.Symbols.At(variable) is { ModuleStart: not 0 } kernel
            ? ImageVersion.BuildAndRevision(view.Memory, kernel.ModuleStart)
            : null;

    /// <summary>A text that begins with a build number, or null: something else lies there.</summary>
    private static string? ReadLab(KernelView view) =>
        view.Target.TryGetGlobal(KernelGlobal.NtBuildLab, out ulong address) &&
            view.Memory.TryReadWindow(address, 0, LongestLab, atLeast: 1) is { } window &&
        TargetText.FromBytes(window.All) is var lab &&
            uint.TryParse(lab.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? lab
            : null;

    /// <summary>The file server has it, where the machine runs the old one and its symbols are there.</summary>
    /// <remarks>
    /// https://learn.microsoft.com/windows-hardware/drivers/debugger/finding-the-computer-name-in-a-kernel-mode-dump-file
    /// </remarks>
    private static string? ReadName(KernelView view) =>
        !view.Layout.IsBuiltIn && view.Target.Symbols.TryGetAddress("srv!SrvComputerName", out ulong address)
            ? TargetText.ReadUnicodeString(view.Memory, address) : null;
}
