using LockLeak.Build;

namespace LockLeak.Engine.Tests.Scripts;

/// <summary>build.ps1, with a dotnet that says how it was called.</summary>
[TestClass]
[DoNotParallelize] // it sets variables of the process
public class BuildScriptTests
{
    private const string Dotnet = "function dotnet { $args; (Get-Location).Path; $env:LOCKLEAK_CALLED_FROM }";

    private static readonly string Elsewhere = Path.GetDirectoryName(Dumps.Elsewhere("any"))!;

    [TestMethod]
    public void ArgumentsWithCommasStayWhole()
    {
        string[] output = Run(@"run -k com:pipe,port=\\.\pipe\vm1,reconnect -c '!lockleak -json'");

        CollectionAssert.IsSubsetOf((string[])["run", "-k", @"com:pipe,port=\\.\pipe\vm1,reconnect", "-c", "!lockleak -json"], output);
    }

    [TestMethod]
    public void FilesAreMeantFromWhereTheUserIsWhoStaysThere()
    {
        string[] output = Run("run -z my.dmp");

        CollectionAssert.AreEqual((string[])["run", "-z", "my.dmp", Repository.Root, Elsewhere, Elsewhere], output[^6..]);
    }

    private static string[] Run(string arguments)
    {
        string? before = Environment.GetEnvironmentVariable("LOCKLEAK_CALLED_FROM");
        try
        {
            PowerShellScript run = PowerShellScript.RunLine(
                $"Set-Location -LiteralPath '{Elsewhere}'; & '{Repository.Path("build.ps1")}' {arguments}; (Get-Location).Path", Dotnet);
            Assert.AreEqual("", run.Error);
            return [.. run.Output.Select(line => line.ToString())];
        }
        finally
        {
            Environment.SetEnvironmentVariable("LOCKLEAK_CALLED_FROM", before);
        }
    }
}
