using Microsoft.ML.ConvNet.Kernels.Convolution;

namespace Microsoft.ML.ConvNet.Core.Tests.Oracles;

/// <summary>Convolution and its gradients by definition: six loops, in double.</summary>
internal static class ConvolutionOracle
{
    /// <summary>y[n, oh, ow, co] = sum over kh, kw, c of x[n, ih, iw, c] * w[kh, kw, c, co], with zeros outside of the image.</summary>
    public static double[] Forward(ConvolutionShape s, int batch, double[] x, double[] w)
    {
        double[] y = new double[OutputLength(s, batch)];
        foreach ((int input, int weight, int output, int count) in Rows(s, batch))
        {
            AddProduct(y.AsSpan(output, count), x[input], w.AsSpan(weight, count));
        }

        return y;
    }

    /// <summary>The gradient of the sum of y * dy with respect to x.</summary>
    public static double[] BackwardData(ConvolutionShape s, int batch, double[] dy, double[] w)
    {
        double[] dx = new double[InputLength(s, batch)];
        foreach ((int input, int weight, int output, int count) in Rows(s, batch))
        {
            double sum = dx[input];
            ReadOnlySpan<double> weights = w.AsSpan(weight, count);
            ReadOnlySpan<double> outputs = dy.AsSpan(output, count);
            for (int i = 0; i < outputs.Length; i++)
            {
                sum += outputs[i] * weights[i];
            }

            dx[input] = sum;
        }

        return dx;
    }

    /// <summary>The gradient of the sum of y * dy with respect to w.</summary>
    public static double[] BackwardWeights(ConvolutionShape s, int batch, double[] x, double[] dy)
    {
        double[] dw = new double[WeightsLength(s)];
        foreach ((int input, int weight, int output, int count) in Rows(s, batch))
        {
            AddProduct(dw.AsSpan(weight, count), x[input], dy.AsSpan(output, count));
        }

        return dw;
    }

    public static int InputLength(ConvolutionShape s, int batch) => batch * s.InputHeight * s.InputWidth * s.InputChannels;

    public static int OutputLength(ConvolutionShape s, int batch) => batch * s.OutputHeight * s.OutputWidth * s.OutputChannels;

    public static int WeightsLength(ConvolutionShape s) => s.KernelHeight * s.KernelWidth * (s.InputChannels / s.Groups) * s.OutputChannels;

    private static void AddProduct(Span<double> sums, double factor, ReadOnlySpan<double> factors)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += factor * factors[i];
        }
    }

    /// <summary>
    /// The products that a convolution is made of, those of one input value through one tap together: its position in x, the first position in
    /// w and in y, and how many follow there, one an output channel of the group.
    /// </summary>
    private static IEnumerable<(int Input, int Weight, int Output, int Count)> Rows(ConvolutionShape s, int batch)
    {
        int groupInputs = s.InputChannels / s.Groups;
        int groupOutputs = s.OutputChannels / s.Groups;
        for (int n = 0; n < batch; n++)
        {
            for (int oh = 0; oh < s.OutputHeight; oh++)
            {
                for (int ow = 0; ow < s.OutputWidth; ow++)
                {
                    for (int kh = 0; kh < s.KernelHeight; kh++)
                    {
                        for (int kw = 0; kw < s.KernelWidth; kw++)
                        {
                            int ih = (oh * s.StrideHeight) - s.PaddingTop + (kh * s.DilationHeight);
                            int iw = (ow * s.StrideWidth) - s.PaddingLeft + (kw * s.DilationWidth);
                            if (ih < 0 || ih >= s.InputHeight || iw < 0 || iw >= s.InputWidth)
                            {
                                continue;
                            }

                            for (int channel = 0; channel < s.InputChannels; channel++)
                            {
                                int co = channel / groupInputs * groupOutputs;
                                int input = (((((n * s.InputHeight) + ih) * s.InputWidth) + iw) * s.InputChannels) + channel;
                                int weight = (((((kh * s.KernelWidth) + kw) * groupInputs) + (channel % groupInputs)) * s.OutputChannels) + co;
                                int output = (((((n * s.OutputHeight) + oh) * s.OutputWidth) + ow) * s.OutputChannels) + co;
                                yield return (input, weight, output, groupOutputs);
                            }
                        }
                    }
                }
            }
        }
    }
}
