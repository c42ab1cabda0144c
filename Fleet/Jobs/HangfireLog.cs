using Hangfire.Logging;
using LogLevel = Hangfire.Logging.LogLevel;

namespace LockLeak.Fleet.Jobs;

/// <summary>
/// What Hangfire has to say that a user should know, one line each on standard error: mostly that the database is away. Why a dump failed
/// is said elsewhere.
/// </summary>
internal sealed class HangfireLog : ILogProvider
{
    public ILog GetLogger(string name) =>
        new Log(name.StartsWith("Hangfire.Server.Worker", StringComparison.Ordinal) ||
        name.Contains("AutomaticRetry", StringComparison.Ordinal) ? LogLevel.Fatal : LogLevel.Error);

    private sealed class Log(LogLevel least) : ILog
    {
        bool ILog.Log(LogLevel logLevel, Func<string>? messageFunc, Exception? exception)
        {
            if (logLevel < least)
            {
                return false;
            }

            if (messageFunc is not null)
            {
                string why = exception is null ? "" : $" ({exception.GetBaseException().Message})";
                Console.Error.WriteLine($"lockleak-fleet: {messageFunc()}{why}".ReplaceLineEndings(" "));
            }

            return true;
        }
    }
}
