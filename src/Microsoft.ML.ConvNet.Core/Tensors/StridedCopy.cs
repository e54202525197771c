namespace Microsoft.ML.ConvNet.Tensors;

/// <summary>Copies numbers from one order of axes into another, a block at a time that stays in the cache on both sides.</summary>
internal static class StridedCopy
{
    private const int Block = 32;

    /// <summary>Copies every number of a box of axes.</summary>
    /// <param name="from">The numbers.</param>
    /// <param name="fromSteps">From one number to the next along each axis there.</param>
    /// <param name="to">Receives them.</param>
    /// <param name="toSteps">From one number to the next along each axis here.</param>
    /// <param name="lengths">The axes' lengths.</param>
    public static void Copy(
        ReadOnlySpan<float> from, ReadOnlySpan<int> fromSteps, Span<float> to, ReadOnlySpan<int> toSteps, ReadOnlySpan<int> lengths)
    {
        // The axes along which each side goes in small steps are the two that a block has.
        int reading = Closest(fromSteps, lengths);
        int writing = Closest(toSteps, lengths);
        Span<int> position = stackalloc int[lengths.Length];
        position.Clear();
        int source = 0;
        int target = 0;
        while (true)
        {
            CopyPlane(
                from[source..], to[target..], lengths[reading], fromSteps[reading], toSteps[reading],
                reading == writing ? 1 : lengths[writing], fromSteps[writing], toSteps[writing]);
            int axis = lengths.Length - 1;
            for (; axis >= 0; axis--)
            {
                if (axis == reading || axis == writing)
                {
                    continue;
                }

                source += fromSteps[axis];
                target += toSteps[axis];
                if (++position[axis] < lengths[axis])
                {
                    break;
                }

                source -= fromSteps[axis] * lengths[axis];
                target -= toSteps[axis] * lengths[axis];
                position[axis] = 0;
            }

            if (axis < 0)
            {
                return;
            }
        }
    }

    /// <summary>The steps of axes whose numbers lie row by row.</summary>
    public static int[] RowMajor(ReadOnlySpan<int> lengths)
    {
        int[] steps = new int[lengths.Length];
        int step = 1;
        for (int axis = lengths.Length - 1; axis >= 0; axis--)
        {
            steps[axis] = step;
            step *= lengths[axis];
        }

        return steps;
    }

    private static void CopyPlane(
        ReadOnlySpan<float> from, Span<float> to, int columns, int fromColumn, int toColumn, int rows, int fromRow, int toRow)
    {
        for (int firstRow = 0; firstRow < rows; firstRow += Block)
        {
            int endRow = Math.Min(firstRow + Block, rows);
            for (int firstColumn = 0; firstColumn < columns; firstColumn += Block)
            {
                int endColumn = Math.Min(firstColumn + Block, columns);
                for (int column = firstColumn; column < endColumn; column++)
                {
                    int source = (column * fromColumn) + (firstRow * fromRow);
                    int target = (column * toColumn) + (firstRow * toRow);
                    for (int row = firstRow; row < endRow; row++, source += fromRow, target += toRow)
                    {
                        to[target] = from[source];
                    }
                }
            }
        }
    }

    private static int Closest(ReadOnlySpan<int> steps, ReadOnlySpan<int> lengths)
    {
        int closest = steps.Length - 1;
        for (int axis = 0; axis < steps.Length; axis++)
        {
            // An axis of one number is none.
            if (lengths[axis] > 1 && (lengths[closest] == 1 || steps[axis] < steps[closest]))
            {
                closest = axis;
            }
        }

        return closest;
    }
}
