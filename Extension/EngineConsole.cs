using LockLeak.DbgEng;
using LockLeak.Target;

namespace LockLeak.Extension;

/// <summary>Output through the client that runs the command, and the user's Ctrl+Break.</summary>
internal sealed class EngineConsole : IConsole
{
    // Milliseconds.
    private const long Quiet = 500, BetweenProgress = 250;

    private readonly EngineClient engine;
    private readonly UserBreak userBreak;
    private long nextProgress = Environment.TickCount64 + Quiet;

    public EngineConsole(EngineClient engine, UserBreak userBreak)
    {
        this.engine = engine;
        this.userBreak = userBreak;
        TakesDml = CallbacksTakeDml();
    }

    /// <summary>
    /// True when the window can show markup. <c>.prefer_dml</c>, which is off unless somebody turns it on, is about the
    /// engine's own commands; who wants no links from us says -text.
    /// </summary>
    public bool TakesDml { get; }

    public bool IsInterrupted => userBreak.IsRequested;

    public bool WantsProgress => Environment.TickCount64 >= nextProgress;

    public void Write(string text) => Send(DEBUG_OUTCTL.AMBIENT_TEXT, DEBUG_OUTPUT.NORMAL, text);

    public void WriteDml(string dml) => Send(DEBUG_OUTCTL.AMBIENT_DML, DEBUG_OUTPUT.NORMAL, dml);

    public void WriteError(string text) => Send(DEBUG_OUTCTL.AMBIENT_TEXT, DEBUG_OUTPUT.ERROR, text);

    /// <summary>Goes to the status bar: not before half a second has passed, and four times in a second at most.</summary>
    public void Progress(string text)
    {
        if (WantsProgress)
        {
            nextProgress = Environment.TickCount64 + BetweenProgress;
            Send(DEBUG_OUTCTL.AMBIENT_TEXT, DEBUG_OUTPUT.STATUS, text);
        }
    }

    private void Send(DEBUG_OUTCTL control, DEBUG_OUTPUT mask, string text)
    {
        foreach (string piece in OutputPieces.Of(text))
        {
            // The engine formats as printf does, so our text is never the format.
            engine.Control.ControlledOutputWide(control, mask, "%s", piece);
        }
    }

    private unsafe bool CallbacksTakeDml() =>
        engine.Advanced.Request(DEBUG_REQUEST.CURRENT_OUTPUT_CALLBACKS_ARE_DML_AWARE, null, 0, null, 0, null) == HResult.Ok;
}
