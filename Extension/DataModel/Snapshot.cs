using LockLeak.DbgEng;
using LockLeak.DbgEng.DataModel;
using LockLeak.Extension.DataModel.Callbacks;
using LockLeak.Target;

namespace LockLeak.Extension.DataModel;

/// <summary>The target at one stop, and values that speak of it. Once the target moves, it is stale and makes no more.</summary>
/// <param name="values">Makes values.</param>
/// <param name="symbols">Types of the target.</param>
/// <param name="context">The target, owned.</param>
/// <param name="types">Its types.</param>
internal sealed class Snapshot(ModelValues values, DebugHostSymbols symbols, DebugHostContext context, ITypes types) : IDisposable
{
    private readonly Dictionary<string, DebugHostType> pointers = [];
    private bool isStale;

    /// <summary>The target.</summary>
    public DebugHostContext Context => context;

    /// <summary>The types that the pointers have.</summary>
    public ITypes Types => types;

    /// <summary>Refuses to tell of a target that has moved since.</summary>
    /// <exception cref="DataModelException">It has.</exception>
    public void Check()
    {
        if (isStale)
        {
            throw new DataModelException(HResult.Failed, "This answer is old: the target has run or was closed since. Ask again.");
        }
    }

    /// <summary>An object with nothing in it.</summary>
    public ModelObject Empty()
    {
        Check();
        return values.Manager.CreateSyntheticObject(context);
    }

    /// <summary>No value: dx does not show the key. OrderBy, Max and comparisons fail on it; Where takes it for false.</summary>
    public ModelObject Nothing() => values.Manager.CreateNoValue();

    /// <summary>A string.</summary>
    public ModelObject Text(string text) => values.Text(text);

    /// <summary>A number that people count with: decimal.</summary>
    public ModelObject Count(long number) => values.Value(Variant.Of(number));

    /// <summary>A number whose bits matter: hexadecimal.</summary>
    public ModelObject Raw(ulong number) => values.Value(Variant.Of(number));

    /// <summary>True or false.</summary>
    public ModelObject Flag(bool flag) => values.Value(Variant.Of(flag));

    /// <summary>A typed pointer, or a mere number where the target's symbols do not have the type.</summary>
    /// <param name="type">The type that it points to, without module; null for none.</param>
    /// <param name="address">The address.</param>
    public ModelObject Pointer(string? type, ulong address)
    {
        Check();
        Variant value = Variant.Of(address);
        return type is not null && PointerTo(type) is { } pointer
            ? values.Manager.CreateTypedIntrinsicObjectEx(context, value, pointer)
            : values.Value(value);
    }

    /// <summary>A list whose elements are made when they are asked for.</summary>
    /// <param name="items">What is in it.</param>
    /// <param name="line">The line that dx shows for the list.</param>
    /// <param name="element">Makes an element.</param>
    public ModelObject List<T>(IReadOnlyList<T> items, string line, Func<T, ModelObject> element)
    {
        ModelObject list = List(() => items.Count, index => element(items[index]));
        list.SetConcept<IStringDisplayableConcept>(new Preview(values, _ => line));
        return list;
    }

    /// <summary>A list that is not even found before somebody walks over it, and so has no line.</summary>
    /// <param name="find">Finds what is in it.</param>
    /// <param name="element">Makes an element.</param>
    public ModelObject LazyList<T>(Func<IReadOnlyList<T>> find, Func<T, ModelObject> element)
    {
        IReadOnlyList<T>? found = null;
        return List(() => Items().Count, index => element(Items()[index]));

        IReadOnlyList<T> Items()
        {
            Check();
            return found ??= find();
        }
    }

    public void Dispose()
    {
        isStale = true;
        foreach (DebugHostType type in pointers.Values)
        {
            type.Dispose();
        }

        context.Dispose();
    }

    private ModelObject List(Func<int> count, Func<int, ModelObject> element)
    {
        var sequence = new Sequence(values, count, element);
        ModelObject list = Empty();
        list.SetConcept<IIterableConcept>(sequence);
        list.SetConcept<IIndexableConcept>(sequence);
        return list;
    }

    private DebugHostType? PointerTo(string type)
    {
        if (!pointers.TryGetValue(type, out DebugHostType? pointer))
        {
            using DebugHostModule? kernel = symbols.TryFindModuleByName(context, "nt");
            using DebugHostType? found = kernel?.TryFindTypeByName(type);
            pointer = found?.CreatePointerTo();
            if (pointer is not null)
            {
                // A type that was not found is looked for again: it is also not found while a Ctrl+Break is pending.
                pointers.Add(type, pointer);
            }
        }

        return pointer;
    }
}
