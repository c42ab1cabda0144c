using KernelImages.Kernel;
using LockLeak.Kernel;

namespace KernelImages.Damaged;

/// <summary>What a damaged machine is asked: every command, about what is there when the machine is whole.</summary>
public sealed class Questions
{
    private readonly string[] _lines;

    /// <summary>The questions to a machine.</summary>
    public Questions(SyntheticKernel kernel)
    {
        string thread = kernel.Threads is [.., var last] ? Address.Text(last.Address) : "ffffc788`00012680";
        string address = kernel.Scenario.Locks is [var first, ..] ? Address.Text(kernel.Lock(first.Name)) : thread;
        _lines =
        [
            "!lockleak -v", $"!pushlock {address} -v", "!threadlocks -a -json",
            "!lockleak -json -a", $"!threadlocks {thread} -v", $"!pushlock {address} -json",
            "!threadlocks -s", "!lockleak", $"!pushlock {thread}",
            "!lockleak -check", $"!pushlock {address}", $"!threadlocks {thread} -json",
            "!lockleak -fast", $"!pushlock {address} -fast -json", "!threadlocks -v",
        ];
    }

    /// <summary>The question that belongs to a seed.</summary>
    public string Of(int seed) => _lines[(uint)seed % (uint)_lines.Length];

    /// <summary>For a seed three in a row, one to each command.</summary>
    public IEnumerable<string> OfEachCommand(int seed)
    {
        int first = (int)((uint)seed % (uint)_lines.Length) / 3 * 3;
        return _lines[first..(first + 3)];
    }
}
