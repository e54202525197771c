using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using static Microsoft.ML.ConvNet.Core.Tests.WorkedExamples.Computation;

namespace Microsoft.ML.ConvNet.Core.Tests.WorkedExamples;

/// <summary>Convolutions calculated by hand in lectures and lessons.</summary>
[TestClass]
public class ConvolutionExamples
{
    private const string Cross = "1 0 -1 / 1 1 1 / -1 0 1";
    private const string Diagonal = "1 -1 -1 / -1 1 -1 / -1 -1 1";

    [TestMethod]
    public void Example_1_a_5x5_image_and_a_3x3_filter_give_3x3()
    {
        const string Image = "-1 0 1 1 1 / 1 -1 0 -1 0 / 0 0 1 1 0 / -1 1 0 1 1 / 1 0 0 -1 -1";
        AssertNumbers("-1 -2 -2 / 3 2 3 / -2 0 2", Run(Network.Input(5, 5, 1).Conv(1, 3, useBias: false), Rows(Image), Rows(Cross)));
    }

    [TestMethod]
    public void Example_2_padding_1_and_stride_2_give_2x2()
    {
        Network network = Network.Input(3, 3, 1).Conv(1, 3, stride: 2, padding: 1, useBias: false);
        AssertNumbers("0 -2 / 0 2", Run(network, Rows("-1 0 -1 / 0 1 1 / 1 0 1"), Rows(Cross)));
    }

    [TestMethod]
    public void Example_3_a_filter_slides_over_5x5_and_a_neuron_adds_its_bias_and_rectifies()
    {
        float[] image = Rows("3 3 2 1 0 / 0 0 1 3 1 / 3 1 2 2 3 / 2 0 0 2 2 / 2 0 0 0 1");
        float[] filter = Rows("0 1 2 / 2 2 0 / 0 1 2");
        AssertNumbers("12 12 17 / 10 17 19 / 9 6 14", Run(Network.Input(5, 5, 1).Conv(1, 3, useBias: false), image, filter));
        AssertNumbers("0 0 5 / 0 5 7 / 0 0 2", Run(Network.Input(5, 5, 1).Conv(1, 3).Relu(), image, filter, [-12]));
    }

    [TestMethod]
    public void Example_4_the_letter_X_answers_the_diagonal_filter_along_its_diagonal()
    {
        float[] image = new float[81];
        Array.Fill(image, -1);
        for (int i = 1; i <= 7; i++)
        {
            image[(9 * i) + i] = 1;
            image[(9 * i) + 8 - i] = 1;
        }

        float[] filter = [.. Rows(Diagonal).Select(weight => weight / 9)];
        float[] output = Run(Network.Input(9, 9, 1).Conv(1, 3, useBias: false), image, filter);
        AssertNumbers([7 / 9f, 1, 1, 5 / 9f, 1, 1, 7 / 9f], [.. Enumerable.Range(0, 7).Select(i => output[8 * i])]);
        AssertNumbers([7 / 9f, -1 / 9f, 1 / 9f, 3 / 9f, 5 / 9f, -1 / 9f, 3 / 9f], output[..7]);
    }

    [TestMethod]
    public void Example_5_sharpening_with_zero_padding()
    {
        float[] image = Rows("105 102 100 97 96 / 103 99 103 101 102 / 101 98 104 102 100 / 99 101 106 104 99 / 104 104 104 100 98");
        Network network = Network.Input(5, 5, 1).Conv(1, 3, padding: 1, useBias: false);
        AssertNumbers("320 206 198 188 281", Run(network, image, Rows("0 -1 0 / -1 5 -1 / 0 -1 0"))[..5]);
    }

    [TestMethod]
    public void Example_6_three_channels_add_up_with_a_bias()
    {
        float[] red = Rows("156 155 156 158 158 / 153 154 157 159 159 / 149 151 155 158 159 / 146 146 149 153 158 / 145 143 143 148 158");
        float[] green = Rows("167 166 167 169 169 / 164 165 168 170 170 / 160 162 166 169 170 / 156 156 159 163 168 / 155 153 153 158 168");
        float[] blue = Rows("163 162 163 165 165 / 160 161 164 166 166 / 156 158 162 165 166 / 155 155 158 162 167 / 154 152 152 157 167");
        float[][] kernels = [Rows("-1 -1 1 / 0 1 -1 / 0 1 1"), Rows("1 0 0 / 1 -1 -1 / 1 0 -1"), Rows("0 1 1 / 0 1 0 / 1 -1 1")];
        Network single = Network.Input(5, 5, 1).Conv(1, 3, padding: 1, useBias: false);
        float[] corners = [Run(single, red, kernels[0])[0], Run(single, green, kernels[1])[0], Run(single, blue, kernels[2])[0]];
        AssertNumbers("308 -498 164", corners);

        Network network = Network.Input(5, 5, 3).Conv(1, 3, padding: 1);
        float[] output = Run(network, Interleave(red, green, blue), Interleave(kernels), [1]);
        AssertNumbers("-25 466 466 / 295 787 798 / 291 776 784", [.. output[..3], .. output[5..8], .. output[10..13]]);
    }

    [TestMethod]
    public void Example_7_two_filters_at_stride_1_and_2()
    {
        float[] image = Rows("1 0 0 0 0 1 / 0 1 0 0 1 0 / 0 0 1 1 0 0 / 1 0 0 0 1 0 / 0 1 0 0 1 0 / 0 0 1 0 1 0");
        float[] first = Rows(Diagonal);
        float[] second = Rows("-1 1 -1 / -1 1 -1 / -1 1 -1");
        float[] firstOutput = Rows("3 -1 -3 -1 / -3 1 0 -3 / -3 -3 0 1 / 3 -2 -2 -1");
        float[] secondOutput = Rows("-1 -1 -1 -1 / -1 -1 -2 1 / -1 -1 -2 1 / -1 0 -4 3");
        AssertNumbers(firstOutput, Run(Network.Input(6, 6, 1).Conv(1, 3, useBias: false), image, first));
        AssertNumbers("3 -3 / -3 0", Run(Network.Input(6, 6, 1).Conv(1, 3, stride: 2, useBias: false), image, first));
        AssertNumbers(secondOutput, Run(Network.Input(6, 6, 1).Conv(1, 3, useBias: false), image, second));

        Network both = Network.Input(6, 6, 1).Conv(2, 3, useBias: false);
        Assert.AreEqual(new Shape(4, 4, 2), both.OutputShape);
        AssertNumbers(Interleave(firstOutput, secondOutput), Run(both, image, Interleave(first, second)));
    }

    [TestMethod]
    public void True_convolution_is_the_same_with_the_kernel_turned()
    {
        float[] f = Rows("3 3 2 1 0 / 0 0 1 3 1 / 3 1 2 2 3 / 2 0 0 2 2 / 2 0 0 0 1");
        float[] g = Rows("0 1 2 / 2 2 0 / 0 1 3");
        float[] convolved = new float[9];
        for (int x = 0; x < 3; x++)
        {
            for (int y = 0; y < 3; y++)
            {
                // f * g at [x + 2, y + 2], where the whole kernel lies inside: the sum of f[n1, n2] g[x + 2 - n1, y + 2 - n2].
                for (int n1 = x; n1 <= x + 2; n1++)
                {
                    for (int n2 = y; n2 <= y + 2; n2++)
                    {
                        convolved[(3 * x) + y] += f[(5 * n1) + n2] * g[(3 * (x + 2 - n1)) + y + 2 - n2];
                    }
                }
            }
        }

        Network network = Network.Input(5, 5, 1).Conv(1, 3, useBias: false);
        AssertNumbers(convolved, Run(network, f, [.. Enumerable.Reverse(g)]));
    }

    [TestMethod]
    public void A_convolution_is_a_product_with_a_banded_matrix()
    {
        float[] image = Rows("-1 0 1 1 1 / 1 -1 0 -1 0 / 0 0 1 1 0 / -1 1 0 1 1 / 1 0 0 -1 -1");
        float[] filter = Rows(Cross);

        // A dense layer of 25 inputs and 9 outputs whose columns hold the filter, each shifted by one position of the window.
        float[] matrix = new float[25 * 9];
        for (int output = 0; output < 9; output++)
        {
            for (int tap = 0; tap < 9; tap++)
            {
                int input = (5 * ((output / 3) + (tap / 3))) + (output % 3) + (tap % 3);
                matrix[(9 * input) + output] = filter[tap];
            }
        }

        AssertNumbers("-1 -2 -2 / 3 2 3 / -2 0 2", Run(Network.Input([25]).Dense(9, useBias: false), image, matrix));
    }
}
