using LockLeak.Scripting;

namespace LockLeak.Extension.DataModel;

/// <summary>The models of all kinds of record, each made when the first of its records is shown.</summary>
/// <param name="host">The data model.</param>
internal sealed class Shapes(ModelHost host) : IDisposable
{
    private readonly Dictionary<ScriptShape, Shape> shapes = [];

    /// <summary>The model of a kind of record.</summary>
    public Shape Of(ScriptShape description)
    {
        if (!shapes.TryGetValue(description, out Shape? shape))
        {
            shape = new Shape(host, description);
            shapes.Add(description, shape);
        }

        return shape;
    }

    public void Dispose()
    {
        foreach (Shape shape in shapes.Values)
        {
            shape.Dispose();
        }

        shapes.Clear();
    }
}
