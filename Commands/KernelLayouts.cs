using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using LockLeak.Kernel;
using LockLeak.Target;

namespace LockLeak;

/// <summary>Finds the types for a target and keeps them until its symbols change.</summary>
internal static class KernelLayouts
{
    // A target that reloads its symbols hands out another ITypes, and the old layouts go with the old one.
    private static readonly ConditionalWeakTable<ITypes, KernelLayout> Known = [], KnownBuiltIn = [];

    /// <summary>The layout of the target's kernel.</summary>
    /// <param name="target">The machine.</param>
    /// <param name="builtIn">Use the built-in types even if symbols are there.</param>
    /// <exception cref="CommandException">The target is no 64-bit kernel, or its types are not known.</exception>
    public static KernelLayout Resolve(ITarget target, bool builtIn)
    {
        TargetFacts facts = target.Facts;
        if (facts.Kind == TargetKind.None)
        {
            throw new CommandException(CommandResult.Failed, "No target is open: open a kernel dump or attach to a kernel first.");
        }

        if (!facts.IsKernel)
        {
            throw new CommandException(CommandResult.Failed,
                "This is a user-mode target: lock entries are in kernel memory. Open a kernel dump or attach to a kernel.");
        }

        if (facts.PointerSize != 8)
        {
            throw new CommandException(CommandResult.Failed, "This is a 32-bit kernel: only x64 and ARM64 kernels are supported.");
        }

        if (!builtIn && (Known.TryGetValue(target.Types, out KernelLayout? layout) || TryFromSymbols(target, out layout)))
        {
            return layout;
        }

        return TryBuiltIn(target)
            ?? throw new CommandException(CommandResult.Failed, builtIn
                ? $"The kernel's types are not known: {BuiltInLayouts.WhyNone(facts)}. Try without -nosym."
                : $"The kernel's types are not known: symbols for nt are missing and {BuiltInLayouts.WhyNone(facts)}. Try: .symfix; " +
                    ".reload /f nt");
    }

    private static KernelLayout? TryBuiltIn(ITarget target)
    {
        if (!KnownBuiltIn.TryGetValue(target.Types, out KernelLayout? layout) && BuiltInLayouts.Resolve(target) is { } fitting)
        {
            layout = fitting;
            KnownBuiltIn.AddOrUpdate(target.Types, layout);
        }

        return layout;
    }

    private static bool TryFromSymbols(ITarget target, [NotNullWhen(true)] out KernelLayout? layout)
    {
        layout = KernelLayout.TryResolve(target.Types, "PDB", smallEntries: HasSmallEntries(target));
        if (layout is not null)
        {
            Known.AddOrUpdate(target.Types, layout);
        }

        return layout is not null;
    }

    /// <summary>Later kernels say in bit 0 of nt!KiAbpGlobalState that generation D is in force (read from machine code).</summary>
    private static bool HasSmallEntries(ITarget target)
    {
        Span<byte> state = stackalloc byte[1];
        return target.Types.Field("_KTHREAD", "KernelAbEntries") is not null &&
            target.Symbols.TryGetAddress("nt!KiAbpGlobalState", out ulong address) &&
            target.Read(address, state) == 1 && (state[0] & 1) != 0;
    }
}
