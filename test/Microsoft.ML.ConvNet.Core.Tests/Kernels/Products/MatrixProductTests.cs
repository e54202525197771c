using Microsoft.ML.ConvNet.Kernels.Convolution;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Core.Tests.Kernels.Products;

[TestClass]
public unsafe class MatrixProductTests
{
    // A product of rows is a convolution of as many images of one pixel.
    private static readonly ConvolutionAlgorithm Product = ConvolutionAlgorithm.Direct;

    [TestMethod]
    [DataRow(1, 1, 1)]
    [DataRow(1, 100, 10)]
    [DataRow(3, 17, 33)]
    [DataRow(14, 64, 64)]
    [DataRow(15, 5, 47)]
    [DataRow(64, 300, 70)]
    [DataRow(9, 1024, 20)]
    [DataRow(500, 31, 3)]
    public void Products_and_gradients_equal_the_definition(int rows, int inputs, int outputs)
    {
        double[] x = ConvolutionMemory.WholeNumbers(1, rows * inputs);
        double[] w = ConvolutionMemory.WholeNumbers(2, inputs * outputs);
        double[] bias = ConvolutionMemory.WholeNumbers(3, outputs);
        double[] dy = ConvolutionMemory.WholeNumbers(4, rows * outputs);
        double[] y = new double[rows * outputs];
        double[] dx = new double[rows * inputs];
        double[] dw = new double[inputs * outputs];
        ConvolutionShape shape = ConvolutionShape.Dense(inputs, outputs);
        for (int row = 0; row < rows; row++)
        {
            for (int output = 0; output < outputs; output++)
            {
                double sum = 0;
                for (int input = 0; input < inputs; input++)
                {
                    sum += x[(row * inputs) + input] * w[(input * outputs) + output];
                    dx[(row * inputs) + input] += dy[(row * outputs) + output] * w[(input * outputs) + output];
                    dw[(input * outputs) + output] += x[(row * inputs) + input] * dy[(row * outputs) + output];
                }

                y[(row * outputs) + output] = Math.Max(0, sum + bias[output]);
            }
        }

        foreach (int threads in new[] { 1, 2, 4 })
        {
            using WorkerGang gang = WorkerPool.Shared.Lease(threads);
            gang.ReserveScratch(Product.ScratchBytes(shape));
            using ConvolutionMemory xMemory = new(x);
            using ConvolutionMemory wMemory = new(w);
            using ConvolutionMemory biasMemory = new(bias);
            using ConvolutionMemory dyMemory = new(dy);
            using ConvolutionMemory yMemory = new(y.Length);
            using ConvolutionMemory dxMemory = new(x.Length);
            using ConvolutionMemory dwMemory = new(w.Length);
            using ConvolutionMemory packed = new(Product.PackedWeightsLength(shape));
            using ConvolutionMemory packedTransposed = new(Product.PackedTransposedWeightsLength(shape));
            using ConvolutionMemory workspace = new(Product.WeightGradientWorkspaceLength(shape, rows));
            Product.PackWeights(gang, shape, wMemory.Pointer, packed.Pointer);
            Product.PackTransposedWeights(gang, shape, wMemory.Pointer, packedTransposed.Pointer);
            Epilogue epilogue = new() { Bias = biasMemory.Pointer, IsRelu = true };
            Product.Forward(gang, shape, rows, xMemory.Pointer, packed.Pointer, epilogue, yMemory.Pointer);
            yMemory.AssertEquals(y, "y");
            for (int pass = 0; pass < 2; pass++)
            {
                bool accumulate = pass == 1;
                double scale = pass + 1;
                Product.BackwardData(
                    gang, shape, rows, dyMemory.Pointer, packedTransposed.Pointer, dxMemory.Pointer, accumulate);
                dxMemory.AssertEquals([.. dx.Select(value => scale * value)], $"dx, accumulate: {accumulate}");
                Product.BackwardWeights(
                    gang, shape, rows, xMemory.Pointer, dyMemory.Pointer, dwMemory.Pointer, workspace.Pointer, accumulate);
                dwMemory.AssertEquals([.. dw.Select(value => scale * value)], $"dw, accumulate: {accumulate}");
            }
        }
    }

    [TestMethod]
    [DataRow(700, 40)]
    [DataRow(1024, 33)]
    [DataRow(64, 5)]
    public void A_row_has_the_same_bits_alone_and_among_others(int inputs, int outputs)
    {
        const int rows = 37;
        ConvolutionShape shape = ConvolutionShape.Dense(inputs, outputs);
        double[] x = ConvolutionMemory.Fractions(1, rows * inputs);
        using ConvolutionMemory xMemory = new(x);
        using ConvolutionMemory weights = new(ConvolutionMemory.Fractions(2, inputs * outputs));
        using ConvolutionMemory packed = new(Product.PackedWeightsLength(shape));
        using WorkerGang gang = WorkerPool.Shared.Lease(2);
        Product.PackWeights(gang, shape, weights.Pointer, packed.Pointer);
        gang.ReserveScratch(Product.ScratchBytes(shape));
        using ConvolutionMemory all = new(rows * outputs);
        Product.Forward(gang, shape, rows, xMemory.Pointer, packed.Pointer, default, all.Pointer);
        for (int row = 0; row < rows; row++)
        {
            using ConvolutionMemory alone = new(outputs);
            Product.Forward(gang, shape, 1, xMemory.Pointer + (row * inputs), packed.Pointer, default, alone.Pointer);
            alone.AssertSameBits(all.Values.Slice(row * outputs, outputs), $"row {row}");
        }
    }
}
