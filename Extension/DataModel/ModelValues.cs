using System.Runtime.InteropServices;
using LockLeak.DbgEng;
using LockLeak.DbgEng.DataModel;
using LockLeak.Target;

namespace LockLeak.Extension.DataModel;

/// <summary>Makes values of the engine's data model, and error objects of failures.</summary>
/// <param name="manager">Makes objects.</param>
internal sealed unsafe class ModelValues(DataModelManager2 manager)
{
    /// <summary>False once the extension is unloaded; objects of ours may live on.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>The extension is unloaded.</summary>
    public void Close() => IsOpen = false;

    /// <summary>Makes objects.</summary>
    public DataModelManager2 Manager => manager;

    /// <summary>A number or a truth value.</summary>
    public ModelObject Value(Variant value) => manager.CreateIntrinsicObject(ModelObjectKind.Intrinsic, value);

    /// <summary>A string.</summary>
    public ModelObject Text(string text)
    {
        nint bstr = Marshal.StringToBSTR(Harmless(text));
        try
        {
            return Value(Variant.OfString(bstr));
        }
        finally
        {
            Marshal.FreeBSTR(bstr);
        }
    }

    /// <summary>
    /// A text that dx can show in any of its ways. Where it cuts a cell of a grid it puts a link there whose command is
    /// .echo and the whole text, as it stands: behind a semicolon, a name from the target would run as a command.
    /// </summary>
    public static string Harmless(string text) => text.Replace(';', ',');

    /// <summary>Ends a callback of the engine: a value, or an error object that says why there is none. No exception gets out.</summary>
    /// <param name="result">Where the engine wants it.</param>
    /// <param name="make">Makes the value; null for none at all.</param>
    /// <returns>HRESULT.</returns>
    public int Answer(nint* result, Func<ModelObject?> make)
    {
        *result = 0;
        try
        {
            *result = IsOpen
                ? make()?.Detach() ?? 0
                : throw new DataModelException(HResult.Failed, "LockLeak has been unloaded since. Load it and ask again.");
            return HResult.Ok;
        }
        catch (Exception e)
        {
            return Fail(result, e);
        }
    }

    private int Fail(nint* result, Exception e)
    {
        (int status, string message) = e switch
        {
            DataModelException refused => (refused.Result, refused.Message),
            CommandException refused => (refused.Status, refused.Message),
            OperationCanceledException => (HResult.Aborted, "Stopped by the user."),
            _ => (HResult.Failed, $"internal error, please report it: {e.GetType().Name}: {e.Message}"),
        };
        try
        {
            *result = manager.CreateErrorObject(status, Harmless(message)).Detach();
        }
        catch (DataModelException)
        {
            // The failure alone has to do.
        }

        return status;
    }
}
