using Microsoft.ML.ConvNet.Kernels.Convolution;

namespace Microsoft.ML.ConvNet.Core.Tests.Oracles;

/// <summary>Convolution and its gradients by definition: six loops, in double.</summary>
internal static class ConvolutionOracle
{
    /// <summary>y[n, oh, ow, co] = sum over kh, kw, c of x[n, ih, iw, c] * w[kh, kw, c, co], with zeros outside of the image.</summary>
    public static double[] Forward(ConvolutionShape s, int batch, double[] x, double[] w)
    {
        double[] y = new double[OutputLength(s, batch)];
        foreach ((int input, int weight, int output) in Terms(s, batch))
        {
            y[output] += x[input] * w[weight];
        }

        return y;
    }

    /// <summary>The gradient of the sum of y * dy with respect to x.</summary>
    public static double[] BackwardData(ConvolutionShape s, int batch, double[] dy, double[] w)
    {
        double[] dx = new double[InputLength(s, batch)];
        foreach ((int input, int weight, int output) in Terms(s, batch))
        {
            dx[input] += dy[output] * w[weight];
        }

        return dx;
    }

    /// <summary>The gradient of the sum of y * dy with respect to w.</summary>
    public static double[] BackwardWeights(ConvolutionShape s, int batch, double[] x, double[] dy)
    {
        double[] dw = new double[WeightsLength(s)];
        foreach ((int input, int weight, int output) in Terms(s, batch))
        {
            dw[weight] += x[input] * dy[output];
        }

        return dw;
    }

    public static int InputLength(ConvolutionShape s, int batch) => batch * s.InputHeight * s.InputWidth * s.InputChannels;

    public static int OutputLength(ConvolutionShape s, int batch) => batch * s.OutputHeight * s.OutputWidth * s.OutputChannels;

    public static int WeightsLength(ConvolutionShape s) => s.KernelHeight * s.KernelWidth * (s.InputChannels / s.Groups) * s.OutputChannels;

    /// <summary>The positions (in x, in w, in y) of every product that a convolution is made of.</summary>
    private static IEnumerable<(int Input, int Weight, int Output)> Terms(ConvolutionShape s, int batch)
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

                            for (int co = 0; co < s.OutputChannels; co++)
                            {
                                for (int c = 0; c < groupInputs; c++)
                                {
                                    int channel = (co / groupOutputs * groupInputs) + c;
                                    int input = (((((n * s.InputHeight) + ih) * s.InputWidth) + iw) * s.InputChannels) + channel;
                                    int weight = (((((kh * s.KernelWidth) + kw) * groupInputs) + c) * s.OutputChannels) + co;
                                    int output = (((((n * s.OutputHeight) + oh) * s.OutputWidth) + ow) * s.OutputChannels) + co;
                                    yield return (input, weight, output);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
