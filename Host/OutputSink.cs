using System.Runtime.InteropServices.Marshalling;
using System.Text;
using LockLeak.DbgEng;

namespace LockLeak.Host;

/// <summary>Receives what the engine and its extensions print, and passes it on to whoever listens at the moment.</summary>
/// <param name="dml">True to receive everything as markup, false as text.</param>
[GeneratedComClass]
internal sealed unsafe partial class OutputSink(bool dml) : IDebugOutputCallbacks2
{
    /// <summary>Who listens: the kind of output, and the text.</summary>
    public Action<DEBUG_OUTPUT, string> Listener { get; set; } = static (_, _) => { };

    /// <summary>Called when an extension says how far it is, whoever listens: a sign that it goes on.</summary>
    public Action Progress { get; init; } = static () => { };

    /// <summary>Who follows what goes over a KD connection; nobody else hears of it.</summary>
    public Action<string> Protocol { get; set; } = static _ => { };

    /// <summary>What is printed while something is done; the listener hears it too.</summary>
    public string During(Action something)
    {
        Action<DEBUG_OUTPUT, string> listener = Listener;
        var printed = new StringBuilder();
        Listener = (kind, text) =>
        {
            printed.Append(text);
            listener(kind, text);
        };
        something();
        Listener = listener;
        return printed.ToString();
    }

    public int GetInterestMask(DEBUG_OUTCBI* mask)
    {
        *mask = dml ? DEBUG_OUTCBI.DML : DEBUG_OUTCBI.TEXT;
        return HResult.Ok;
    }

    public int Output2(uint which, uint flags, ulong arg, char* text)
    {
        if (text is null)
        {
            return HResult.Ok;
        }

        if (((DEBUG_IOUTPUT)arg).HasFlag(DEBUG_IOUTPUT.KD_PROTOCOL))
        {
            Protocol(new string(text));
            return HResult.Ok;
        }

        if (((DEBUG_OUTPUT)arg).HasFlag(DEBUG_OUTPUT.STATUS))
        {
            Progress();
        }

        Listener((DEBUG_OUTPUT)arg, new string(text));

        return HResult.Ok;
    }

    // The engine calls Output2 instead.
    public int Output(DEBUG_OUTPUT mask, byte* text) => HResult.Ok;
}
