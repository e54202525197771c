namespace Microsoft.ML.ConvNet.Onnx.Format;

/// <summary>Walks through a tensor in an order of axes other than that of its memory.</summary>
internal static class StridedPlaces
{
    /// <summary>The places that are visited when axes of the given extents, outermost first, step by the given strides.</summary>
    public static int[] Of(IReadOnlyList<int> extents, IReadOnlyList<int> strides, int count)
    {
        int[] places = new int[count];
        int[] position = new int[extents.Count];
        int at = 0;
        for (int i = 0; i < count; i++)
        {
            places[i] = at;
            for (int axis = extents.Count - 1; axis >= 0; axis--)
            {
                at += strides[axis];
                if (++position[axis] < extents[axis])
                {
                    break;
                }

                at -= strides[axis] * extents[axis];
                position[axis] = 0;
            }
        }

        return places;
    }

    /// <summary>The elements of a tensor with its axes in another order.</summary>
    /// <param name="values">The elements, row-major.</param>
    /// <param name="dimensions">The dimensions.</param>
    /// <param name="order">Which axis stands at each place of the result.</param>
    public static T[] Transpose<T>(T[] values, IReadOnlyList<int> dimensions, IReadOnlyList<int> order)
    {
        int[] strides = RowMajor(dimensions);
        int[] places = Of([.. order.Select(axis => dimensions[axis])], [.. order.Select(axis => strides[axis])], values.Length);
        return Array.ConvertAll(places, place => values[place]);
    }

    /// <summary>The strides of a tensor in row-major order.</summary>
    public static int[] RowMajor(IReadOnlyList<int> dimensions)
    {
        int[] strides = new int[dimensions.Count];
        int stride = 1;
        for (int axis = dimensions.Count - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= Math.Max(dimensions[axis], 1);
        }

        return strides;
    }
}
