namespace Microsoft.ML.ConvNet.Kernels.Arrays;

/// <summary>The order of the loops of a reduction: first those that the target has, then those that it is reduced over.</summary>
internal static unsafe class ReductionLoops
{
    /// <summary>Brings the loops into that order, but for the innermost, which stays where it is.</summary>
    /// <param name="shape">The loops.</param>
    /// <param name="target">The number of the tensor that receives the results.</param>
    /// <param name="kept">The loops of the target before the innermost one.</param>
    public static StridedShape Order(in StridedShape shape, int target, out int kept) =>
        Order(shape, target, shape.Loops - 1, out kept);

    /// <summary>Brings all loops into that order.</summary>
    /// <param name="shape">The loops.</param>
    /// <param name="target">The number of the tensor that receives the results.</param>
    /// <param name="kept">The loops of the target.</param>
    public static StridedShape OrderAll(in StridedShape shape, int target, out int kept) => Order(shape, target, shape.Loops, out kept);

    /// <summary>The rows along the innermost loop that are reduced into each target.</summary>
    public static nint Rows(StridedShape* shape, int kept) => Count(shape, kept, shape->Loops - 1);

    /// <summary>The elements of the loops from one to before another.</summary>
    public static nint Count(StridedShape* shape, int firstLoop, int endLoop)
    {
        nint count = 1;
        for (int loop = firstLoop; loop < endLoop; loop++)
        {
            count *= shape->Length(loop);
        }

        return count;
    }

    private static StridedShape Order(in StridedShape shape, int target, int ordered, out int kept)
    {
        Span<int> order = stackalloc int[StridedShape.MaximumLoops];
        kept = 0;
        for (int loop = 0; loop < ordered; loop++)
        {
            if (shape.Stride(target, loop) != 0)
            {
                order[kept++] = loop;
            }
        }

        int next = kept;
        for (int loop = 0; loop < ordered; loop++)
        {
            if (shape.Stride(target, loop) == 0)
            {
                order[next++] = loop;
            }
        }

        for (int loop = ordered; loop < shape.Loops; loop++)
        {
            order[loop] = loop;
        }

        return shape.Reordered(order[..shape.Loops]);
    }
}
