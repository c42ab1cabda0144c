using System.Runtime.InteropServices;

namespace LockLeak.DbgEng.DataModel;

/// <summary>IDebugHostSymbols: modules and types of the target.</summary>
/// <param name="pointer">The interface, owned.</param>
[Guid("854fd751-c2e1-4eb2-b525-6619cb97a588")]
public sealed unsafe class DebugHostSymbols(nint pointer) : ComPointer(pointer)
{
    private enum Slot
    {
        CreateTypeSignature = 4,
        FindModuleByName = 7,
    }

    /// <summary>A pattern for the names of types. It needs no target.</summary>
    public DebugHostTypeSignature CreateTypeSignature(string specification)
    {
        nint signature;
        fixed (char* text = specification)
        {
            Check(((delegate* unmanaged<nint, char*, nint, nint*, int>)Function(Slot.CreateTypeSignature))(Pointer, text, 0, &signature));
        }

        return new DebugHostTypeSignature(signature);
    }

    /// <summary>A module of the target; null when there is none of that name.</summary>
    public DebugHostModule? TryFindModuleByName(DebugHostContext context, string name)
    {
        nint module = 0;
        fixed (char* text = name)
        {
            var find = (delegate* unmanaged<nint, nint, char*, nint*, int>)Function(Slot.FindModuleByName);
            return find(Pointer, context.Pointer, text, &module) >= 0
                ? new DebugHostModule(module)
                : null;
        }
    }
}

/// <summary>IDebugHostTypeSignature. A handle and nothing more.</summary>
/// <param name="pointer">The interface.</param>
public sealed class DebugHostTypeSignature(nint pointer) : ComPointer(pointer);

/// <summary>
/// IDebugHostModule. Its slots come after those of IDebugHostSymbol, of which the header repeats all but the last one here.
/// </summary>
/// <param name="pointer">The interface.</param>
public sealed unsafe class DebugHostModule(nint pointer) : ComPointer(pointer)
{
    private enum Slot { FindTypeByName = 13 }

    /// <summary>A type by its name, without module; null when there is none.</summary>
    public DebugHostType? TryFindTypeByName(string name)
    {
        nint type = 0;
        fixed (char* text = name)
        {
            var find = (delegate* unmanaged<nint, char*, nint*, int>)Function(Slot.FindTypeByName);
            return find(Pointer, text, &type) >= 0 ? new DebugHostType(type) : null;
        }
    }
}

/// <summary>
/// IDebugHostType. Its slots come after those of IDebugHostSymbol, of which the header repeats all but the last one here.
/// </summary>
/// <param name="pointer">The interface.</param>
public sealed unsafe class DebugHostType(nint pointer) : ComPointer(pointer)
{
    private enum Slot { CreatePointerTo = 18 }

    private enum PointerKind { PointerStandard }

    /// <summary>The type of a pointer to it.</summary>
    public DebugHostType CreatePointerTo()
    {
        nint type;
        var create = (delegate* unmanaged<nint, PointerKind, nint*, int>)Function(Slot.CreatePointerTo);
        Check(create(Pointer, PointerKind.PointerStandard, &type));
        return new DebugHostType(type);
    }
}
