using LockLeak.DbgEng;

namespace LockLeak.Extension;

/// <summary>
/// What the user has chosen to look at: a processor (<c>~</c>), a thread (<c>.thread</c>), registers (<c>.cxr</c>) and a frame
/// (<c>.frame</c>). The engine tells stacks and registers only of what it looks at, so it is made to look elsewhere; disposing
/// makes it look back.
/// </summary>
internal sealed class Viewpoint : IDisposable
{
    private readonly EngineClient engine;
    private readonly uint processor;
    private readonly ulong current;
    private readonly ulong chosen;
    private readonly Scope scope;

    private Viewpoint(EngineClient engine, uint processor, ulong current, ulong chosen)
    {
        this.engine = engine;
        this.processor = processor;
        this.current = current;
        this.chosen = chosen;
        scope = new Scope(engine);
    }

    /// <summary>Keeps what the engine looks at; null when it cannot be told, and so not be put back.</summary>
    public static Viewpoint? Keep(EngineClient engine) =>
        engine.Threads.GetCurrentThreadId(out uint processor) >= 0 &&
        engine.Threads.GetCurrentThreadDataOffset(out ulong current) >= 0 &&
        engine.Threads.GetImplicitThreadDataOffset(out ulong chosen) >= 0
            ? new Viewpoint(engine, processor, current, chosen)
            : null;

    public void Dispose()
    {
        if (engine.Threads.GetCurrentThreadId(out uint now) < 0 || now != processor)
        {
            engine.Threads.SetCurrentThreadId(processor);
        }

        // 0 is the current processor's thread; naming that thread instead would leave it as "last set context".
        engine.Threads.SetImplicitThreadDataOffset(chosen == current ? 0 : chosen);
        scope.Restore(engine);
    }

    /// <summary>Registers and frame.</summary>
    private sealed unsafe class Scope
    {
        // CONTEXT of x64, the largest of the machines'.
        private const int ContextSize = 1232;

        private readonly byte[] context = new byte[ContextSize];
        private readonly DEBUG_STACK_FRAME frame;
        private readonly ulong instruction;
        private readonly uint index;
        private readonly bool known;

        public Scope(EngineClient engine)
        {
            fixed (byte* bytes = context)
            fixed (DEBUG_STACK_FRAME* whole = &frame)
            {
                known = engine.Symbols.GetScope(out instruction, whole, bytes, ContextSize) >= 0
                    && engine.Symbols.GetCurrentScopeFrameIndex(out index) >= 0;
            }
        }

        public void Restore(EngineClient engine)
        {
            var now = new Scope(engine);
            if (!known || !now.known)
            {
                return;
            }

            if (!context.AsSpan().SequenceEqual(now.context))
            {
                fixed (byte* bytes = context)
                fixed (DEBUG_STACK_FRAME* whole = &frame)
                {
                    engine.Symbols.SetScope(instruction, whole, bytes, ContextSize);
                }
            }
            else if (index != now.index)
            {
                engine.Symbols.SetScopeFrameByIndex(index);
            }
        }
    }
}
