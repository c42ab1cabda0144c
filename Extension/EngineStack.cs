using LockLeak.DbgEng;
using LockLeak.Target;

namespace LockLeak.Extension;

/// <summary>Stacks of threads that do not run.</summary>
internal sealed unsafe class EngineStack(EngineClient engine)
{
    /// <summary>Frames of a thread, newest first; none when its stack cannot be walked.</summary>
    public IReadOnlyList<StackFrame> Of(ulong thread, int frames)
    {
        using var users = Viewpoint.Keep(engine);
        return users is not null && engine.Threads.SetImplicitThreadDataOffset(thread) >= 0 ? Walk(frames) : [];
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
}
