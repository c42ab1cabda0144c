using System.Globalization;
using System.Text;
using LockLeak.DbgEng;
using LockLeak.DbgEng.DataModel;
using LockLeak.Target;

namespace LockLeak.Extension.DataModel;

/// <summary>Functions whose result is the JSON of a command, as one string: for assistants and other programs, to which dx's objects are too deep.</summary>
/// <param name="host">The data model.</param>
internal sealed class JsonFunctions(ModelHost host)
{
    /// <summary>@$lockreport().</summary>
    public ModelObject LockReport(ModelObject[] arguments) => arguments is [] ? Json("lockleak", "") : throw Wrong("lockreport takes no argument.");

    /// <summary>@$threadreport([thread]).</summary>
    public ModelObject ThreadReport(ModelObject[] arguments) => arguments switch
    {
        [] => Json("threadlocks", ""),
        [var thread] => Json("threadlocks", Number(thread)),
        _ => throw Wrong("threadreport takes the address of a thread, or nothing."),
    };

    /// <summary>@$pushlockreport(address).</summary>
    public ModelObject PushLockReport(ModelObject[] arguments) =>
        arguments is [var address] ? Json("pushlock", Number(address)) : throw Wrong("pushlockreport takes the address of a lock.");

    private ModelObject Json(string command, string argument) => host.Ask((target, console) =>
    {
        var kept = new KeptOutput(console);
        CommandResult result = CommandHost.Run(command, $"{argument} -json", target, kept);
        // Between the strings of JSON there are no semicolons, and within one \u003b is the same: dx would show a comma.
        return result.Status >= 0
            ? host.Values.Text(kept.Output.TrimEnd().Replace(";", @"\u003b", StringComparison.Ordinal))
            : throw new DataModelException(result.Status, kept.Errors.Split('\n')[0]);
    });

    private static string Number(ModelObject address) => string.Create(CultureInfo.InvariantCulture, $"0x{ModelAddress.Of(address):x}");

    private static DataModelException Wrong(string message) => new(HResult.InvalidArgument, message);

    /// <summary>Keeps what a command writes; progress and Ctrl+Break are the user's.</summary>
    private sealed class KeptOutput(IConsole console) : IConsole
    {
        private readonly StringBuilder output = new(), errors = new();

        public string Output => output.ToString();

        public string Errors => errors.ToString();

        public bool TakesDml => false;

        public bool IsInterrupted => console.IsInterrupted;

        public bool WantsProgress => console.WantsProgress;

        public void Write(string text) => output.Append(text);

        public void WriteDml(string dml) => output.Append(dml);

        public void WriteError(string text) => errors.Append(text);

        public void Progress(string text) => console.Progress(text);
    }
}
