namespace KernelImages.Memory;

/// <summary>
/// Red-black trees as the kernel keeps them: RTL_BALANCED_NODE {left, right, parent and colour}, RTL_RB_TREE {root, leftmost node}.
/// </summary>
internal static class BalancedTree
{
    private const ulong Red = 1;

    /// <summary>Writes a tree and its nodes.</summary>
    /// <param name="typed">The memory.</param>
    /// <param name="tree">RTL_RB_TREE.</param>
    /// <param name="nodes">Addresses of the nodes in the order of their keys.</param>
    public static void Write(TypedMemory typed, ulong tree, ReadOnlySpan<ulong> nodes)
    {
        int deepest = (int)Math.Log2(Math.Max(nodes.Length, 1));
        typed.SetQuads(tree, Subtree(typed, nodes, 0, deepest), nodes.Length > 0 ? nodes[0] : 0);
    }

    /// <summary>A tree that is full but for its deepest level: that one is red, all others are black.</summary>
    /// <returns>Its root.</returns>
    private static ulong Subtree(TypedMemory typed, ReadOnlySpan<ulong> nodes, ulong parent, int levelsBelow)
    {
        if (nodes.Length == 0) return 0;
        int middle = nodes.Length / 2;
        ulong root = nodes[middle];
        bool isRed = parent != 0 && levelsBelow == 0;
        typed.SetQuads(
            root,
            Subtree(typed, nodes[..middle], root, levelsBelow - 1),
            Subtree(typed, nodes[(middle + 1)..], root, levelsBelow - 1),
            parent | (isRed ? Red : 0));
        return root;
    }
}
