using Iced.Intel;

namespace LockLeak.Code.Flow;

/// <summary>
/// An instruction as an object. Collections of structures each bring code of their own into the DLL, and the decoder's
/// structure brings its text form with it; collections of objects share theirs.
/// </summary>
internal sealed class DecodedInstruction(in Instruction instruction)
{
    private readonly Instruction instruction = instruction;

    /// <summary>The instruction.</summary>
    public ref readonly Instruction Value => ref instruction;
}
