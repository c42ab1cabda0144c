using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text.Json;

namespace LockLeak.Engine.Tests.Scripts;

/// <summary>Runs a script in the PowerShell engine.</summary>
/// <param name="Output">The objects that came out.</param>
/// <param name="ExitCode">$LASTEXITCODE.</param>
/// <param name="Error">Why the script stopped; empty when it came to its end.</param>
internal sealed record PowerShellScript(IReadOnlyList<PSObject> Output, int ExitCode, string Error)
{
    // The package of the engine lacks PowerShell's own modules. These stand in for the few cmdlets that the scripts use, and
    // as those do leave the work to the provider of the file system, which is there.
    private const string Cmdlets = """
        $provider = $ExecutionContext.InvokeProvider
        function Join-Path($Path, $ChildPath) { $ExecutionContext.SessionState.Path.Combine($Path, $ChildPath) }
        function Test-Path($LiteralPath) { $provider.Item.Exists($LiteralPath) }
        function New-Item($Path, $ItemType, [switch] $Force) { $provider.Item.New([string[]] $Path, '', $ItemType, $null, $Force) }
        function Copy-Item($Path, $Destination, [switch] $Recurse, [switch] $Force) { [void]$provider.Item.Copy([string[]] $Path, $Destination, $Recurse, 'CopyTargetContainer', $Force, $false) }
        function Remove-Item($Path, [switch] $Recurse, [switch] $Force) { $provider.Item.Remove([string[]] $Path, $Recurse, $Force, $false) }
        function Get-ChildItem($Path) { $provider.ChildItem.Get($Path, $false) }
        function ConvertFrom-Json { [LockLeak.Engine.Tests.Scripts.PowerShellJson]::Read("$input") }
        """;

    /// <summary>Runs it.</summary>
    /// <param name="path">The script.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="cmdlets">Functions in the place of cmdlets that are on no machine but the user's.</param>
    public static PowerShellScript Run(string path, IDictionary? parameters = null, string cmdlets = "")
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
        {
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        }

        using PowerShell shell = PowerShell.Create(state);
        shell.AddScript($"{Cmdlets}\n{cmdlets}").Invoke();
        shell.Commands.Clear();
        shell.AddCommand(path).AddParameters(parameters ?? new Hashtable());
        try
        {
            var output = shell.Invoke();
            // What a program prints on standard error, a console shows as it is; without one it comes here.
            Assert.IsEmpty(shell.Streams.Error.Where(error => !error.FullyQualifiedErrorId.StartsWith("NativeCommandError", StringComparison.Ordinal)).Select(error => error.ToString()));
            return new PowerShellScript(output, ExitCodeOf(shell), "");
        }
        catch (RuntimeException e)
        {
            return new PowerShellScript([], ExitCodeOf(shell), e.Message);
        }
    }

    private static int ExitCodeOf(PowerShell shell) => shell.Runspace.SessionStateProxy.GetVariable("LASTEXITCODE") as int? ?? 0;
}

/// <summary>ConvertFrom-Json.</summary>
public static class PowerShellJson
{
    /// <summary>The JSON as objects with properties.</summary>
    public static object? Read(string json) => Of(JsonElement.Parse(json));

    private static object? Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Aggregate(new PSObject(), (made, property) =>
        {
            made.Properties.Add(new PSNoteProperty(property.Name, Of(property.Value)));
            return made;
        }),
        JsonValueKind.Array => element.EnumerateArray().Select(Of).ToArray(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.GetInt64(),
        JsonValueKind.True or JsonValueKind.False => element.GetBoolean(),
        _ => null,
    };
}
