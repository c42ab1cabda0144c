using System.Diagnostics;
using System.Runtime.InteropServices;
using LockLeak.DbgEng;

namespace LockLeak.Host;

/// <summary>A session of the engine on one target, with LockLeak.dll loaded.</summary>
internal sealed unsafe class Debugger
{
    private const uint Infinite = uint.MaxValue;

    private readonly EngineClient engine;
    private readonly ITarget target;
    private readonly Watchdog watchdog;
    private readonly string? extension;
    private readonly uint extret;
    private delegate* unmanaged<int> takeOutcome;
    private volatile bool running;

    /// <summary>Opens the target and loads the extension.</summary>
    /// <exception cref="HostException">Something of this could not be done.</exception>
    public Debugger(EngineClient engine, Options options, ITarget target, Watchdog watchdog)
    {
        this.engine = engine;
        this.target = target;
        this.watchdog = watchdog;
        // A stranger's dump names places to fetch symbols from, other machines too, and Windows would sign in there as this user.
        // The current directory may be where the dump lies, with more of the stranger's files beside it.
        Engine.Require(engine.Symbols.AddSymbolOptions(SYMOPT.IGNORE_CVREC | SYMOPT.IGNORE_IMAGEDIR),
            "the engine does not keep to the symbol path");
        Engine.Require(options.Symbols is null ? HResult.Ok : engine.Symbols.SetSymbolPathWide(options.Symbols),
            "the symbol path is not accepted");
        Engine.Require(options.Images is null ? HResult.Ok : engine.Symbols.SetImagePathWide(options.Images),
            "the image path is not accepted");
        Engine.Require(options.Dml ? engine.Control.AddEngineOptions(DEBUG_ENGOPT.PREFER_DML) : HResult.Ok,
            "the engine does not write markup");
        extension = options.Bare ? null : FindExtension();
        target.Open();
        Prepare();
        Engine.Require(engine.Registers.GetPseudoIndexByNameWide("$extret", out extret), "the engine has no $extret");
    }

    /// <summary>Runs one command line.</summary>
    public Outcome Execute(string command)
    {
        watchdog.Guard($"running {command}");
        Return = 0;
        TakeWorst();
        running = true;
        var clock = Stopwatch.StartNew();
        int result = engine.Control.ExecuteWide(DEBUG_OUTCTL.THIS_CLIENT, command, DEBUG_EXECUTE.NOT_LOGGED | DEBUG_EXECUTE.NO_REPEAT);
        if (engine.Control.GetExecutionStatus(out DEBUG_STATUS status) >= 0 && status != DEBUG_STATUS.BREAK)
        {
            // As in kd: a command that lets the target go or opens another one is over when it has stopped. Fails at once when
            // there is nothing to wait for.
            engine.Control.WaitForEvent(0, Infinite);
            Resume();
        }

        engine.Client.FlushCallbacks();
        running = false;
        long last = Return, worst = TakeWorst();
        var outcome = new Outcome(result, last, last < 0 || worst < 0 ? Math.Min(last, worst) : Math.Max(last, worst), clock.Elapsed);
        watchdog.Rest();
        return outcome;
    }

    /// <summary>
    /// To be called when the target has stopped. When a machine is restarted, or another dump is opened, the engine begins a new
    /// session, without extensions.
    /// </summary>
    /// <returns>True for a new session.</returns>
    public bool Resume()
    {
        bool isNew = extension is not null && engine.Control.GetExtensionByPathWide(extension, out _) != HResult.Ok;
        if (isNew)
        {
            Prepare();
        }

        return isNew;
    }

    /// <summary>Stops the running command, as Ctrl+Break does; the next one is not meant. May be called on any thread.</summary>
    public void Interrupt()
    {
        if (running)
        {
            engine.Control.SetInterrupt(DEBUG_INTERRUPT.ACTIVE);
        }
    }

    /// <summary>The prompt, such as "3: kd".</summary>
    public string Prompt
    {
        get
        {
            const int Length = 64;
            char* text = stackalloc char[Length];
            return engine.Control.GetPromptTextWide(text, Length, out _) >= 0 ? new string(text) : "";
        }
    }

    // $extret: where an extension leaves its result for scripts. Ours: the number of findings, or the HRESULT of a failure.
    private long Return
    {
        get
        {
            uint index = extret;
            DEBUG_VALUE value;
            return engine.Registers.GetPseudoValues(DEBUG_REGSRC.DEBUGGEE, 1, &index, 0, &value) >= 0 ? (long)value.I64 : 0;
        }

        set
        {
            uint index = extret;
            var wanted = new DEBUG_VALUE { I64 = (ulong)value, Type = DEBUG_VALUE_TYPE.INT64 };
            engine.Registers.SetPseudoValues(DEBUG_REGSRC.DEBUGGEE, 1, &index, 0, &wanted);
        }
    }

    // As a build leaves it, and as the zip has it.
    private static string FindExtension()
    {
        string[] places = [AppContext.BaseDirectory, Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "EngineExtensions"))];
        return places.Select(place => Path.Combine(place, "LockLeak.dll")).FirstOrDefault(File.Exists)
            ?? throw new HostException(ErrorCode.NoExtension,
                $"LockLeak.dll is not there; it is looked for in {string.Join(" and ", places)}");
    }

    private void Prepare()
    {
        target.Prepare();
        if (extension is not null)
        {
            AddExtension(extension);
        }
    }

    // The engine would load it at its first command, and say only in its output that it cannot.
    private void AddExtension(string path)
    {
        if (!NativeLibrary.TryLoad(path, out _))
        {
            throw new HostException(ErrorCode.NoExtension, $"the extension cannot be loaded: {path}");
        }

        Engine.Require(engine.Control.AddExtensionWide(path, 0, out ulong extension), "the engine does not take the extension");

        // This loads it now: dx knows the extension's functions only then.
        takeOutcome = engine.Control.GetExtensionFunctionWide(extension, "LockLeakOutcome", out nint function) >= 0
            ? (delegate* unmanaged<int>)function : null;
    }

    private int TakeWorst() => takeOutcome is null ? 0 : takeOutcome();
}

/// <summary>How a command line ended.</summary>
/// <param name="Result">The engine's HRESULT. It hides that of an extension.</param>
/// <param name="Return">$extret: the number of findings of the last of our commands in the line, or the HRESULT of its failure.</param>
/// <param name="Worst">The same of that one of our commands in the line that ended worst.</param>
/// <param name="Time">How long it took.</param>
internal readonly record struct Outcome(int Result, long Return, long Worst, TimeSpan Time)
{
    /// <summary>The exit code that says it.</summary>
    public int ExitCode => Result < 0 || Worst < 0
        ? Host.ExitCode.CouldNotRun : Worst > 0 ? Host.ExitCode.Found : Host.ExitCode.NothingFound;
}
