using LockLeak.DbgEng;

namespace LockLeak.Extension;

/// <summary>
/// The pseudo-register $extret, in which extensions leave a number for scripts: <c>!lockleak; .if (@$extret) { ... }</c>.
/// </summary>
internal static unsafe class ReturnValue
{
    /// <summary>Sets it. An engine without it is no reason to fail.</summary>
    public static void Set(EngineClient engine, int value)
    {
        if (engine.Registers.GetPseudoIndexByNameWide("$extret", out uint index) >= 0)
        {
            var number = new DEBUG_VALUE { I64 = (ulong)(long)value, Type = DEBUG_VALUE_TYPE.INT64 };
            engine.Registers.SetPseudoValues(DEBUG_REGSRC.DEBUGGEE, 1, &index, 0, &number);
        }
    }
}
