using Microsoft.ML.ConvNet.Kernels.Arrays;
using Microsoft.ML.ConvNet.Kernels.Elementwise;

namespace Microsoft.ML.ConvNet.Ops;

/// <summary>The gradients of operands that may have been broadcast.</summary>
internal static unsafe class OperandGradient
{
    /// <summary>
    /// Writes the gradient of an operand: f(a, b, c) summed over the dimensions along which it was broadcast, and over the batch where all
    /// samples share it.
    /// </summary>
    /// <param name="execution">The run.</param>
    /// <param name="binding">The buffers.</param>
    /// <param name="input">The number of the operand.</param>
    /// <param name="loops">The loops, the batch included.</param>
    /// <param name="isFull">Whether nothing is summed.</param>
    /// <param name="a">The first operand of the term.</param>
    /// <param name="b">The second operand of the term.</param>
    /// <param name="c">The third operand of the term.</param>
    public static void Write<TTerm>(
        in Execution execution, OpBinding binding, int input, in StridedShape loops, bool isFull, Operand a, Operand b, Operand c)
        where TTerm : struct, IElementTerm
    {
        float* dx = execution.Buffers[binding.InputGradients[input]];
        if (isFull)
        {
            ElementMap.Run<TTerm>(execution.Gang, loops, dx, a, b, c, 0, binding.Accumulate[input]);
        }
        else
        {
            ElementSum.Run<TTerm>(execution.Gang, loops, new Operand(dx, input), a, b, c, 1, binding.Accumulate[input]);
        }
    }

    /// <summary>Writes a gradient of zeros, where nothing was added to it before.</summary>
    public static void WriteZeros(in Execution execution, OpBinding binding, int input, nint count)
    {
        if (binding.InputGradients[input] >= 0 && !binding.Accumulate[input])
        {
            ElementwiseKernels.Fill(execution.Gang, execution.Buffers[binding.InputGradients[input]], 0, count);
        }
    }
}
