using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using Microsoft.PowerShell.Commands;

namespace LockLeak.Engine.Tests.Scripts;

/// <summary>Runs a script in PowerShell 7 with its own cmdlets for files and objects.</summary>
/// <param name="Output">The objects that came out.</param>
/// <param name="ExitCode">$LASTEXITCODE.</param>
/// <param name="Error">Why the script stopped, or what it complained of; empty when all was well.</param>
internal sealed record PowerShellScript(IReadOnlyList<PSObject> Output, int ExitCode, string Error)
{
    /// <summary>Runs it.</summary>
    /// <param name="path">The script.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="cmdlets">Functions in the place of commands that are on no machine but the user's.</param>
    public static PowerShellScript Run(string path, IDictionary? parameters = null, string cmdlets = "") =>
        Run(cmdlets, shell => shell.AddCommand(path).AddParameters(parameters ?? new Hashtable()));

    /// <summary>Runs a line that calls it, as one types it.</summary>
    public static PowerShellScript RunLine(string line, string cmdlets = "") => Run(cmdlets, shell => shell.AddScript(line));

    private static PowerShellScript Run(string cmdlets, Action<PowerShell> add)
    {
        using PowerShell shell = PowerShell.Create(State());
        shell.AddScript(cmdlets).Invoke();
        shell.Commands.Clear();
        add(shell);
        try
        {
            IReadOnlyList<PSObject> output = shell.Invoke();
            // What a program prints on standard error, a console shows as it is; without one it comes here.
            IEnumerable<ErrorRecord> errors =
                shell.Streams.Error.Where(error => !error.FullyQualifiedErrorId.StartsWith("NativeCommandError", StringComparison.Ordinal));
            return new PowerShellScript(output, ExitCodeOf(shell), string.Join('\n', errors));
        }
        catch (RuntimeException e)
        {
            return new PowerShellScript([], ExitCodeOf(shell), e.Message);
        }
    }

    // The modules that describe these two are in no package of their own.
    private static InitialSessionState State()
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
        {
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        }

        foreach (Type type in new[] { typeof(CopyItemCommand),
            typeof(ConvertFromJsonCommand) }.SelectMany(one => one.Assembly.GetExportedTypes()))
        {
            if (type.GetCustomAttribute<CmdletAttribute>() is { } cmdlet)
            {
                state.Commands.Add(new SessionStateCmdletEntry($"{cmdlet.VerbName}-{cmdlet.NounName}", type, null));
            }
        }

        return state;
    }

    private static int ExitCodeOf(PowerShell shell) => shell.Runspace.SessionStateProxy.GetVariable("LASTEXITCODE") as int? ?? 0;
}
