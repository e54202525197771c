namespace Microsoft.ML.ConvNet.Onnx.Import;

/// <summary>Gives the memory of a tensor other axes without moving a number, where that can be.</summary>
internal static class AxisRegrouping
{
    /// <summary>
    /// Walks through the factors in the order of the axes and deals them out to the new dimensions. A factor larger than what is left of a
    /// dimension is divided; one that does not divide it is joined with the next, where that lies behind it in memory.
    /// </summary>
    /// <returns>The factors in the order of memory; null where they cannot be dealt out.</returns>
    public static IReadOnlyList<AxisFactor>? Reshape(IReadOnlyList<AxisFactor> factors, IReadOnlyList<int> dimensions, int firstAxis)
    {
        LinkedList<Piece> memory = new(factors.Select(factor => new Piece(factor)));
        Queue<LinkedListNode<Piece>> logical = new(
            Nodes(memory).OrderBy(node => node.Value.Source.Axis).ThenBy(node => node.Value.Source.Rank));
        LinkedListNode<Piece>? current = null;
        for (int axis = firstAxis; axis < dimensions.Count; axis++)
        {
            int left = dimensions[axis];
            for (int rank = 0; left > 1;)
            {
                if (current is null && !logical.TryDequeue(out current))
                {
                    return null;
                }

                int extent = current.Value.Extent;
                if (left % extent == 0)
                {
                    current.Value.Target = new AxisFactor(axis, rank++, extent);
                    left /= extent;
                    current = null;
                }
                else if (extent % left == 0)
                {
                    Piece rest = new(current.Value.Source) { Extent = extent / left };
                    current.Value.Extent = left;
                    current.Value.Target = new AxisFactor(axis, rank++, left);
                    current = memory.AddAfter(current, rest);
                    left = 1;
                }
                else if (logical.TryPeek(out LinkedListNode<Piece>? next) && current.Next == next)
                {
                    logical.Dequeue();
                    current.Value.Extent *= next.Value.Extent;
                    memory.Remove(next);
                }
                else
                {
                    return null;
                }
            }
        }

        return current is null && logical.Count == 0 ? [.. memory.Select(piece => piece.Target)] : null;
    }

    private static IEnumerable<LinkedListNode<Piece>> Nodes(LinkedList<Piece> pieces)
    {
        for (LinkedListNode<Piece>? node = pieces.First; node is not null; node = node.Next)
        {
            yield return node;
        }
    }

    /// <summary>A factor on its way to another axis.</summary>
    private sealed class Piece(AxisFactor source)
    {
        public AxisFactor Source => source;

        public int Extent { get; set; } = source.Extent;

        public AxisFactor Target { get; set; }
    }
}
