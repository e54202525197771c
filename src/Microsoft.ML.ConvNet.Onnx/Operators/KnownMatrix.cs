using Microsoft.ML.ConvNet.Onnx.Import;

namespace Microsoft.ML.ConvNet.Onnx.Operators;

/// <summary>The weights of a product, [K, M], as they stand in a tensor: as they are or transposed, and times a number.</summary>
/// <param name="Tensor">The tensor of K M floating-point numbers.</param>
/// <param name="Rows">K.</param>
/// <param name="Columns">M.</param>
/// <param name="IsTransposed">Whether the tensor is [M, K].</param>
/// <param name="Factor">What its elements are multiplied by.</param>
internal sealed record KnownMatrix(OnnxTensor Tensor, int Rows, int Columns, bool IsTransposed = false, float Factor = 1)
{
    /// <summary>The numbers of the parameter [K, M].</summary>
    /// <param name="layout">How the value lies in memory whose elements the rows belong to; null for the order of the rows.</param>
    public ParameterValues Values(AxisLayout? layout) => new(destination =>
    {
        int[]? places = layout?.LogicalPlaces();
        if (Tensor.IsUniform)
        {
            destination.Fill(Factor * Tensor.FloatSpan[0]);
        }
        else if (IsTransposed)
        {
            WriteTransposed(destination, places);
        }
        else
        {
            WriteRows(destination, places);
        }
    });

    private void WriteRows(Span<float> destination, int[]? places)
    {
        ReadOnlySpan<float> source = Tensor.FloatSpan;
        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<float> from = source.Slice((places?[row] ?? row) * Columns, Columns);
            Span<float> to = destination.Slice(row * Columns, Columns);
            for (int column = 0; column < Columns; column++)
            {
                to[column] = Factor * from[column];
            }
        }
    }

    /// <summary>Some columns at a time, so that what is read stays in the cache.</summary>
    private void WriteTransposed(Span<float> destination, int[]? places)
    {
        const int ColumnsAtATime = 16;
        ReadOnlySpan<float> source = Tensor.FloatSpan;
        for (int first = 0; first < Columns; first += ColumnsAtATime)
        {
            int end = Math.Min(first + ColumnsAtATime, Columns);
            for (int row = 0; row < Rows; row++)
            {
                int place = places?[row] ?? row;
                for (int column = first; column < end; column++)
                {
                    destination[(row * Columns) + column] = Factor * source[(column * Rows) + place];
                }
            }
        }
    }
}
