using LockLeak.Code.Values;

namespace LockLeak.Code.Walk;

/// <summary>Goes through functions; what a call does asks it for the functions that are called.</summary>
internal interface IWalker
{
    /// <summary>Functions that are being gone through, one calling the other.</summary>
    int Nesting { get; }

    /// <summary>Goes through a called function by itself, once; null while it is being gone through: recursion.</summary>
    FunctionWalk? WalkOf(ulong start);

    /// <summary>Goes through a function with a state of its caller.</summary>
    void Run(Pass pass, Property property, MachineState state);
}
