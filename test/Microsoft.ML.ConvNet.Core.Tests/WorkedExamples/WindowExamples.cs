using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using static Microsoft.ML.ConvNet.Core.Tests.WorkedExamples.Computation;

namespace Microsoft.ML.ConvNet.Core.Tests.WorkedExamples;

/// <summary>Window layers on numbers that can be checked by hand.</summary>
[TestClass]
public class WindowExamples
{
    private static readonly float[] OneToSixteen = [.. Enumerable.Range(1, 16).Select(i => (float)i)];

    [TestMethod]
    public void A_window_over_the_border_counts_what_is_inside_the_padded_image()
    {
        Network image = Network.Input(4, 4, 1).AvgPool(3, stride: 2, ceiling: true);
        AssertNumbers("6 7.5 / 12 13.5", Run(image, OneToSixteen));
        Network counted = Network.Input(4, 4, 1).AvgPool(3, stride: 2, ceiling: true, countIncludesPadding: true);
        AssertNumbers("6 7.5 / 12 13.5", Run(counted, OneToSixteen));

        // The second window of each axis would begin in the padding and is not kept; the first holds five zeros.
        Network padded = Network.Input(2, 2, 1).AvgPool(3, stride: 3, padding: 1, ceiling: true, countIncludesPadding: true);
        AssertNumbers("4", Run(padded, [6, 12, 9, 9]));

        // Windows begin at -1, 1 and 3 of five elements and one zero on each side: the last has two elements and one zero.
        Network last = Network.Input([5, 1]).AvgPool1D(3, stride: 2, padding: 1, ceiling: true, countIncludesPadding: true);
        AssertNumbers("3 9 6", Run(last, [3, 6, 9, 12, 6]));

        // With four elements the last window, from 3 on, has one element and one zero; its third place is beyond the padding.
        Network beyond = Network.Input([4, 1]).AvgPool1D(3, stride: 2, padding: 1, ceiling: true, countIncludesPadding: true);
        AssertNumbers("3 9 6", Run(beyond, [3, 6, 9, 12]));
    }

    [TestMethod]
    public void Dilated_windows_take_every_second_element()
    {
        AssertNumbers("6 7 / 10 11", Run(Network.Input(4, 4, 1).AvgPool(2, stride: 1, dilation: 2), OneToSixteen));
        AssertNumbers("11 12 / 15 16", Run(Network.Input(4, 4, 1).MaxPool(2, stride: 1, dilation: 2), OneToSixteen));
    }

    [TestMethod]
    public void A_transposed_convolution_adds_the_kernel_once_a_pixel()
    {
        float[] ones = [.. Enumerable.Repeat(1f, 9)];
        AssertNumbers(
            "0 1 3 3 2 / 3 8 15 12 7 / 9 21 36 27 15 / 9 20 33 24 13 / 6 13 21 15 8",
            Run(Network.Input(3, 3, 1).ConvTranspose(1, 3), [0, 1, 2, 3, 4, 5, 6, 7, 8], ones));

        // With stride 2 and a 2x2 window, nothing overlaps; output padding adds what only the bias reaches.
        AssertNumbers("11 12 12 14 / 13 14 16 18", Run(Network.Input(1, 2, 1).ConvTranspose(1, 2, stride: 2), [1, 2], [1, 2, 3, 4], [10]));
        AssertNumbers(
            "5 6 0 / 7 8 0 / 0 0 0",
            Run(Network.Input(1, 1, 1).ConvTranspose(1, 2, stride: 2, outputPadding: 1), [1], [5, 6, 7, 8]));
    }

    [TestMethod]
    public void Interpolation_by_half_pixels_and_by_corners()
    {
        AssertNumbers("1 1 2 2 / 1 1 2 2 / 3 3 4 4 / 3 3 4 4", Run(Network.Input(2, 2, 1).Upsample(2), [1, 2, 3, 4]));
        AssertNumbers(
            "1 1.25 1.75 2 / 1.5 1.75 2.25 2.5 / 2.5 2.75 3.25 3.5 / 3 3.25 3.75 4",
            Run(Network.Input(2, 2, 1).Upsample(2, ResizeMode.Bilinear), [1, 2, 3, 4]));
        AssertNumbers(
            "1 1.5 2 / 2 2.5 3 / 3 3.5 4",
            Run(Network.Input(2, 2, 1).Resize(3, ResizeMode.Bilinear, ResizeCoordinates.AlignCorners), [1, 2, 3, 4]));

        // Columns 0.17, 1.5 and 2.83: the one in the middle of two is rounded down, or up.
        float[] twoRows = [1, 2, 3, 4, 5, 6, 7, 8];
        AssertNumbers("1 2 4", Run(Network.Input(2, 4, 1).Resize((1, 3)), twoRows));
        AssertNumbers("5 7 8", Run(Network.Input(2, 4, 1).Resize((1, 3), rounding: NearestRounding.RoundPreferCeil), twoRows));
        AssertNumbers("1 2 3", Run(Network.Input(2, 4, 1).Resize((1, 3), coordinates: ResizeCoordinates.Asymmetric, rounding: NearestRounding.Floor), twoRows));
    }

    [TestMethod]
    public void Norms_filters_of_each_channel_and_sequences()
    {
        AssertNumbers("5 13", Run(Network.Input(1, 4, 1).LpPool((1, 2)), [3, -4, 5, 12]));
        AssertNumbers("7 17", Run(Network.Input(1, 4, 1).LpPool((1, 2), p: 1), [3, -4, 5, 12]));
        AssertNumbers("2 20 15 50", Run(Network.Input(1, 1, 2).DepthwiseConv(1, depthMultiplier: 2, useBias: false), [2, 5], [1, 10, 3, 10]));
        AssertNumbers("-2 -2", Run(Network.Input([4, 1]).Conv1D(1, 3), [1, 2, 3, 4], [1, 0, -1]));
        AssertNumbers("9 4", Run(Network.Input(2, 2, 2).GlobalMaxPool(), [1, 4, 9, -4, 3, 2, 0, 1]));
    }
}
