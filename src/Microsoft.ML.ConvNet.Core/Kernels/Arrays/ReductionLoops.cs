namespace Microsoft.ML.ConvNet.Kernels.Arrays;

/// <summary>The order of the loops of a reduction: first those that the target has, then those that it is reduced over, and the innermost last.</summary>
internal static unsafe class ReductionLoops
{
    /// <summary>Brings the loops into that order.</summary>
    /// <param name="shape">The loops.</param>
    /// <param name="target">The number of the tensor that receives the results.</param>
    /// <param name="kept">The loops of the target before the innermost one.</param>
    public static StridedShape Order(in StridedShape shape, int target, out int kept)
    {
        int inner = shape.Loops - 1;
        Span<int> order = stackalloc int[StridedShape.MaximumLoops];
        kept = 0;
        for (int loop = 0; loop < inner; loop++)
        {
            if (shape.Stride(target, loop) != 0)
            {
                order[kept++] = loop;
            }
        }

        int next = kept;
        for (int loop = 0; loop < inner; loop++)
        {
            if (shape.Stride(target, loop) == 0)
            {
                order[next++] = loop;
            }
        }

        order[inner] = inner;
        return shape.Reordered(order[..shape.Loops]);
    }

    /// <summary>The rows along the innermost loop that are reduced into each target.</summary>
    public static nint Rows(StridedShape* shape, int kept)
    {
        nint rows = 1;
        for (int loop = kept; loop < shape->Loops - 1; loop++)
        {
            rows *= shape->Length(loop);
        }

        return rows;
    }
}
