using Microsoft.ML.ConvNet.Kernels.Arrays;
using Microsoft.ML.ConvNet.Kernels.Convolution;
using Microsoft.ML.ConvNet.Kernels.Layout;
using Microsoft.ML.ConvNet.Kernels.Products;
using Microsoft.ML.ConvNet.Tensors;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>
/// y = a b, the products of matrices a [rows, depth] and b [depth, columns], as many as <paramref name="Matrices"/> has elements, a and b
/// broadcast to them.
/// </summary>
/// <param name="Matrices">How the products of a sample are numbered.</param>
/// <param name="First">How the matrices a are.</param>
/// <param name="Second">How the matrices b are.</param>
/// <param name="Rows">The rows of a and y.</param>
/// <param name="Depth">The columns of a, the rows of b.</param>
/// <param name="Columns">The columns of b and y.</param>
internal sealed unsafe record BatchedProductOp(
    Shape Matrices, Shape First, Shape Second, int Rows, int Depth, int Columns) : Op, IConstantReader
{
    private readonly StridedShape _loops = StridedShape.Broadcast(Matrices, First, Second);
    private readonly StridedShape _transposition = StridedShape.Permutation([Second.ElementCount, Depth, Columns], [0, 2, 1]);

    /// <inheritdoc/>
    public override string Kind => "batched matrix product";

    /// <inheritdoc/>
    public override long MultiplyAdds => (long)Matrices.ElementCount * Rows * Depth * Columns;

    /// <inheritdoc/>
    public override nint BackwardWorkspaceLength(int batch) => (nint)batch * Second.ElementCount * Depth * Columns;

    /// <summary>One matrix b for all rows of a sample: it is then a convolution of single pixels, whose weights are packed once.</summary>
    public bool CanReadParameter(int input) => input == 1 && Second.ElementCount == 1 && First.ElementCount == Matrices.ElementCount;

    /// <inheritdoc/>
    public Shape ParameterShape(int input) => [Depth, Columns];

    /// <inheritdoc/>
    public Op WithParameter(int input)
    {
        int rows = Matrices.ElementCount * Rows;
        ConvolutionShape geometry = new(rows, 1, Depth, rows, 1, Columns, 1, 1, 1, 1, 1, 1, 0, 0, 1);
        return new ConvolutionOp(geometry, HasBias: false);
    }

    /// <inheritdoc/>
    public override void Forward(in Execution execution, OpBinding binding) =>
        BatchedProduct.Run(
            execution.Gang,
            _loops.ForBatch(execution.Batch, 0),
            Rows,
            Depth,
            Columns,
            new ProductOperand(0, Depth, 1),
            new ProductOperand(1, Columns, 1),
            new ProductOperand(StridedShape.Full, Columns, 1),
            execution.Buffers[binding.Inputs[0]],
            execution.Buffers[binding.Inputs[1]],
            execution.Buffers[binding.Output],
            accumulate: false);

    /// <remarks>da = dy transposed(b), for which b is transposed in memory; db = transposed(a) dy.</remarks>
    public override void Backward(in Execution execution, OpBinding binding)
    {
        StridedShape loops = _loops.ForBatch(execution.Batch, 0);
        float* dy = execution.Buffers[binding.OutputGradient];
        if (binding.InputGradients[0] >= 0)
        {
            float* transposed = execution.Buffers[binding.BackwardWorkspace];
            Permutation.Run(
                execution.Gang,
                _transposition.ForBatch(execution.Batch, 0),
                execution.Buffers[binding.Inputs[1]],
                transposed,
                accumulate: false);
            BatchedProduct.Run(
                execution.Gang,
                loops,
                Rows,
                Columns,
                Depth,
                new ProductOperand(StridedShape.Full, Columns, 1),
                new ProductOperand(1, Depth, 1),
                new ProductOperand(0, Depth, 1),
                dy,
                transposed,
                execution.Buffers[binding.InputGradients[0]],
                binding.Accumulate[0]);
        }

        if (binding.InputGradients[1] >= 0)
        {
            BatchedProduct.Run(
                execution.Gang,
                loops,
                Depth,
                Rows,
                Columns,
                new ProductOperand(0, 1, Depth),
                new ProductOperand(StridedShape.Full, Columns, 1),
                new ProductOperand(1, Columns, 1),
                execution.Buffers[binding.Inputs[0]],
                dy,
                execution.Buffers[binding.InputGradients[1]],
                binding.Accumulate[1]);
        }
    }

    /// <inheritdoc/>
    public override string Describe() => Invariant($"{Matrices.ElementCount} of {Rows} by {Depth} by {Columns}");
}
