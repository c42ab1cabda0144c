using LockLeak.DbgEng;
using LockLeak.Target;

namespace LockLeak.Extension;

/// <summary>
/// Stacks of threads that do not run. The engine walks the stack of the thread that it looks at, so it is made to look
/// at the thread, and then back at what the user had chosen with <c>.thread</c>, <c>.cxr</c> and <c>.frame</c>.
/// </summary>
internal sealed unsafe class EngineStack(EngineClient engine)
{
    // CONTEXT of x64, the largest of the machines'.
    private const int ContextSize = 1232;

    /// <summary>Frames of a thread, newest first; none when its stack cannot be walked.</summary>
    public IReadOnlyList<StackFrame> Of(ulong thread, int frames)
    {
        if (engine.Threads.GetImplicitThreadDataOffset(out ulong chosen) < 0 ||
            engine.Threads.GetCurrentThreadDataOffset(out ulong current) < 0)
        {
            return [];
        }

        var scope = new Scope(engine);
        try
        {
            return engine.Threads.SetImplicitThreadDataOffset(thread) >= 0 ? Walk(frames) : [];
        }
        finally
        {
            // 0 is the current processor's thread; naming that thread instead would leave it as "last set context".
            engine.Threads.SetImplicitThreadDataOffset(chosen == current ? 0 : chosen);
            scope.Restore(engine);
        }
    }

    private StackFrame[] Walk(int frames)
    {
        var found = new DEBUG_STACK_FRAME[frames];
        fixed (DEBUG_STACK_FRAME* first = found)
        {
            return engine.Control.GetStackTrace(0, 0, 0, first, (uint)frames, out uint count) >= 0
                ? [.. found.Take((int)count).Select(frame => new StackFrame(frame.InstructionOffset, frame.StackOffset))]
                : [];
        }
    }

    /// <summary>Registers and frame that the user has chosen.</summary>
    private sealed class Scope
    {
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
