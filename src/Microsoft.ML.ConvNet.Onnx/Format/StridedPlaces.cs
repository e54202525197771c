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
    public static T[] Transpose<T>(ReadOnlySpan<T> values, IReadOnlyList<int> dimensions, IReadOnlyList<int> order)
    {
        T[] result = new T[values.Length];
        Transpose(values, dimensions, order, result);
        return result;
    }

    /// <summary>Writes the elements of a tensor with its axes in another order.</summary>
    /// <param name="values">The elements, row-major.</param>
    /// <param name="dimensions">The dimensions.</param>
    /// <param name="order">Which axis stands at each place of the result.</param>
    /// <param name="result">Receives as many elements.</param>
    public static void Transpose<T>(
        ReadOnlySpan<T> values, IReadOnlyList<int> dimensions, IReadOnlyList<int> order, Span<T> result)
    {
        int[] own = RowMajor(dimensions);
        int[] extents = [.. order.Select(axis => dimensions[axis])];
        int[] strides = [.. order.Select(axis => own[axis])];
        int inner = extents.Length == 0 ? 1 : extents[^1];
        int step = extents.Length == 0 ? 0 : strides[^1];
        int[] position = new int[extents.Length];
        int start = 0;
        for (int i = 0; i < values.Length; i += inner)
        {
            for (int j = 0, at = start; j < inner; j++, at += step)
            {
                result[i + j] = values[at];
            }

            for (int axis = extents.Length - 2; axis >= 0; axis--)
            {
                start += strides[axis];
                if (++position[axis] < extents[axis])
                {
                    break;
                }

                start -= strides[axis] * extents[axis];
                position[axis] = 0;
            }
        }
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
