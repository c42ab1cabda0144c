using System.Diagnostics;
using System.Text.Json;
using LockLeak.Build;

namespace LockLeak.Engine.Tests.Scripts;

/// <summary>Runs Scripts/lockleak.js in Node.js as WinDbg's JavaScript provider would, on a real engine (provider.js).</summary>
internal static class ScriptProvider
{
    private static readonly string Provider = Path.Combine(AppContext.BaseDirectory, "Scripts", "provider.js");

    /// <summary>Loads the script and evaluates an expression.</summary>
    public static Outcome Run(Debugger debugger, string expression)
    {
        string? node = Shell.Find(OperatingSystem.IsWindows() ? "node.exe" : "node");
        if (node is null)
        {
            Assert.Inconclusive("Node.js is not on the PATH.");
        }

        using Process process = Process.Start(new ProcessStartInfo(node, [Provider, Repository.Path("Scripts", "lockleak.js"), expression])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        try
        {
            while (process.StandardOutput.ReadLineAsync().WaitAsync(Lockleak.TimeLimit).Result is { } line)
            {
                JsonElement message = JsonElement.Parse(line);
                if (!message.TryGetProperty("command", out JsonElement command))
                {
                    return new Outcome(message.TryGetProperty("result", out JsonElement result) ? result : default,
                        message.GetProperty("printed").GetString()!);
                }

                Answer answer = debugger.Run(command.GetString()!);
                process.StandardInput.WriteLine(JsonSerializer.Serialize(answer.Output + answer.Errors));
                process.StandardInput.Flush();
            }

            throw new AssertFailedException($"The script failed: {errors.Result}");
        }
        finally
        {
            process.Kill();
        }
    }

    /// <summary>What came of it.</summary>
    /// <param name="Result">The value of the expression.</param>
    /// <param name="Printed">What the script printed.</param>
    internal sealed record Outcome(JsonElement Result, string Printed)
    {
        /// <summary>The value, which is a list of strings.</summary>
        public string?[] Texts => [.. Result.EnumerateArray().Select(element => element.GetString())];
    }
}
