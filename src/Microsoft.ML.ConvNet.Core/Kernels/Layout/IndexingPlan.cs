using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Kernels.Layout;

/// <summary>Neighbouring elements of an output row that are those of an input row, or that have no source.</summary>
/// <param name="To">The first element of the output row.</param>
/// <param name="From">The first element of the input row; -1 where there is none.</param>
/// <param name="Length">The number of elements.</param>
internal readonly record struct IndexingRun(int To, int From, int Length);

/// <summary>
/// Which element of an input each element of an output is, given a list of positions for each dimension. A row is the last dimension that
/// has a list, with all that lies inside it; rows are found by a table, the elements of a row in runs of neighbours.
/// </summary>
internal sealed class IndexingPlan
{
    /// <summary>Makes the plan for samples of a shape.</summary>
    /// <param name="input">The shape of the input.</param>
    /// <param name="positions">
    /// For each dimension the position in the input of each position of the output, -1 for none; null where the dimension stays as it is.
    /// </param>
    public IndexingPlan(Shape input, IReadOnlyList<int[]?> positions)
    {
        int split = Enumerable.Range(0, input.Rank).LastOrDefault(dimension => positions[dimension] != null);
        int inside = 1;
        for (int dimension = split + 1; dimension < input.Rank; dimension++)
        {
            inside *= input[dimension];
        }

        int[] last = positions[split] ?? Identity(input[split]);
        InputRowLength = input[split] * inside;
        OutputRowLength = last.Length * inside;
        Runs = RunsOf(last, inside);
        int[] rows = [0];
        InputRows = 1;
        bool isIdentity = true;
        for (int dimension = 0; dimension < split; dimension++)
        {
            int length = input[dimension];
            int[] list = positions[dimension] ?? Identity(length);
            isIdentity &= positions[dimension] == null;
            rows = [.. rows.SelectMany(row => list.Select(at => row < 0 || at < 0 ? -1 : (row * length) + at))];
            InputRows *= length;
        }

        OutputRows = rows.Length;
        if (!isIdentity)
        {
            InputRowOfOutput = rows;
            (OutputRowStarts, OutputRowsOfInput) = Inverse(rows, InputRows);
        }
    }

    /// <summary>The rows of an input.</summary>
    public int InputRows { get; }

    /// <summary>The rows of an output.</summary>
    public int OutputRows { get; }

    /// <summary>The elements of an input row.</summary>
    public int InputRowLength { get; }

    /// <summary>The elements of an output row.</summary>
    public int OutputRowLength { get; }

    /// <summary>The elements of a row.</summary>
    public IndexingRun[] Runs { get; }

    /// <summary>The input row of each output row, -1 for none; null where each is its own.</summary>
    public int[]? InputRowOfOutput { get; }

    /// <summary>Where the output rows of each input row begin in <see cref="OutputRowsOfInput"/>, and where the last ones end.</summary>
    public int[]? OutputRowStarts { get; }

    /// <summary>The output rows of each input row, in their order.</summary>
    public int[]? OutputRowsOfInput { get; }

    private static int[] Identity(int length) => [.. Enumerable.Range(0, length)];

    private static IndexingRun[] RunsOf(int[] positions, int inside)
    {
        List<IndexingRun> runs = [];
        for (int from = 0; from < positions.Length;)
        {
            int end = from + 1;
            while (end < positions.Length && (positions[from] < 0 ? positions[end] < 0 : positions[end] == positions[from] + end - from))
            {
                end++;
            }

            int source = positions[from] < 0 ? -1 : positions[from] * inside;
            runs.Add(new IndexingRun(from * inside, source, (end - from) * inside));
            from = end;
        }

        return [.. runs];
    }

    private static (int[] Starts, int[] Rows) Inverse(int[] rows, int count)
    {
        int[] starts = new int[count + 1];
        foreach (int row in rows.Where(row => row >= 0))
        {
            starts[row + 1]++;
        }

        for (int row = 0; row < count; row++)
        {
            starts[row + 1] += starts[row];
        }

        int[] next = starts[..count];
        int[] inverse = new int[starts[count]];
        for (int output = 0; output < rows.Length; output++)
        {
            if (rows[output] >= 0)
            {
                inverse[next[rows[output]]++] = output;
            }
        }

        return (starts, inverse);
    }
}
