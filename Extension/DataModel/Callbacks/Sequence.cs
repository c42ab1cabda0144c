using System.Runtime.InteropServices.Marshalling;
using LockLeak.DbgEng;
using LockLeak.DbgEng.DataModel;

namespace LockLeak.Extension.DataModel.Callbacks;

/// <summary>The elements of a list, each made when it is asked for.</summary>
/// <param name="values">Turns failures into error objects.</param>
/// <param name="count">Their number.</param>
/// <param name="element">Makes one.</param>
[GeneratedComClass]
internal sealed unsafe partial class Sequence(ModelValues values, Func<int> count, Func<int, ModelObject> element) : IIterableConcept, IIndexableConcept
{
    public int GetDefaultIndexDimensionality(nint contextObject, ulong* dimensionality) => GetDimensionality(contextObject, dimensionality);

    public int GetDimensionality(nint contextObject, ulong* dimensionality)
    {
        *dimensionality = 1;
        return HResult.Ok;
    }

    public int GetIterator(nint contextObject, nint* iterator)
    {
        *iterator = Callback.Of<IModelIterator>(new Walk(values, count, element));
        return HResult.Ok;
    }

    public int GetAt(nint contextObject, ulong indexerCount, nint* indexers, nint* result, nint* metadata)
    {
        if (metadata is not null)
        {
            *metadata = 0;
        }

        nint first = indexerCount == 1 ? indexers[0] : 0;
        values.Answer(result, () => element(Index(first)));

        // With a failure dx would show its own text and not ours.
        return HResult.Ok;
    }

    public int SetAt(nint contextObject, ulong indexerCount, nint* indexers, nint value) => HResult.NotImplemented;

    private int Index(nint indexer) =>
        indexer != 0 && new ModelObject(indexer).TryGetUInt64(out ulong index) && index < (ulong)count()
            ? (int)index
            : throw new DataModelException(HResult.InvalidArgument, $"There is no such element; the list has {count()}.");
}

/// <summary>One walk over a list.</summary>
/// <param name="values">Turns failures into error objects.</param>
/// <param name="count">The number of elements.</param>
/// <param name="element">Makes one.</param>
[GeneratedComClass]
internal sealed unsafe partial class Walk(ModelValues values, Func<int> count, Func<int, ModelObject> element) : IModelIterator
{
    private int next;

    public int Reset()
    {
        next = 0;
        return HResult.Ok;
    }

    public int GetNext(nint* result, ulong dimensions, nint* indexers, nint* metadata)
    {
        if (metadata is not null)
        {
            *metadata = 0;
        }

        int status = values.Answer(result, () => next < count() ? element(next) : null);
        if (status == HResult.Ok && *result == 0)
        {
            return HResult.Bounds;
        }

        if (dimensions == 1)
        {
            values.Answer(indexers, () => values.Value(Variant.Of((ulong)next)));
        }

        next++;
        return status;
    }
}
