using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Core.Tests.Storage;

[TestClass]
public class PyTorchWeightsTests
{
    [TestMethod]
    public void A_convolution_lies_as_outputs_inputs_height_and_width()
    {
        // Ours is [1, 2, 3, 2]: height, width, inputs, outputs.
        Network network = Network.Input(4, 4, 3).Conv(2, (1, 2), useBias: false, name: "conv");
        using Weights weights = new(network);
        for (int i = 0; i < 12; i++)
        {
            weights["conv.weight"].Span[i] = i;
        }

        using SafeTensorsContent file = Written(weights);
        Assert.AreEqual(new Shape(2, 3, 1, 2), file.Tensors["conv.weight"].Shape);
        CollectionAssert.AreEqual(
            new float[] { 0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11 }, file.Tensors["conv.weight"].Span.ToArray());
    }

    [TestMethod]
    public void A_product_behind_a_flattened_image_counts_channels_first()
    {
        // Rows of ours: pixel (0, 0) with its two channels, then pixel (0, 1). PyTorch's columns: channel 0 of both pixels, then channel 1.
        Network network = Network.Input(1, 2, 2).Flatten().Relu().Dropout().Dense(3, useBias: false, name: "fc").Dense(1, name: "out");
        using Weights weights = new(network);
        for (int i = 0; i < 12; i++)
        {
            weights["fc.weight"].Span[i] = i;
        }

        new float[] { 1, 2, 3 }.CopyTo(weights["out.weight"].Span);
        using SafeTensorsContent file = Written(weights);
        Assert.AreEqual(new Shape(3, 4), file.Tensors["fc.weight"].Shape);
        CollectionAssert.AreEqual(
            new float[] { 0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11 }, file.Tensors["fc.weight"].Span.ToArray());
        Assert.AreEqual(new Shape(1, 3), file.Tensors["out.weight"].Shape);
        CollectionAssert.AreEqual(new float[] { 1, 2, 3 }, file.Tensors["out.weight"].Span.ToArray());
    }

    [TestMethod]
    public void A_PReLU_of_a_flattened_image_and_a_product_behind_it_count_channels_first()
    {
        Network network = Network.Input(1, 2, 2).Flatten().Prelu(name: "slopes").Dense(1, useBias: false, name: "fc");
        using Weights weights = new(network);
        new float[] { 1, 2, 3, 4 }.CopyTo(weights["slopes.weight"].Span);
        new float[] { 5, 6, 7, 8 }.CopyTo(weights["fc.weight"].Span);
        using SafeTensorsContent file = Written(weights);
        CollectionAssert.AreEqual(new float[] { 1, 3, 2, 4 }, file.Tensors["slopes.weight"].Span.ToArray());
        CollectionAssert.AreEqual(new float[] { 5, 7, 6, 8 }, file.Tensors["fc.weight"].Span.ToArray());
    }

    [TestMethod]
    public void What_is_written_is_read_again_bit_for_bit()
    {
        Network network = Network.Input(6, 5, 4).Conv(8, 3, groups: 2).BatchNorm().Relu().Flatten().BatchNorm().Dense(7).Tanh().Dense(3);
        using Weights weights = TestWeights.Create(network);
        using MemoryStream stream = new();
        PyTorchWeights.Write(weights, stream);
        stream.Position = 0;
        using Weights read = PyTorchWeights.Read(stream, network);
        foreach (string name in weights.Names)
        {
            Closeness.AssertSameBits(weights[name].Span.ToArray(), read[name].Span.ToArray(), name);
        }
    }

    [TestMethod]
    public void Names_are_translated_and_counters_passed_over()
    {
        Network network = Network.Input([2]).Dense(1, name: "fc");
        byte[] file = SafeTensorsFile.Of(
            "{\"classifier.0.weight\":" + SafeTensorsFile.Tensor("1,2", 0, 8) + ",\"classifier.0.bias\":" + SafeTensorsFile.Tensor("1", 8, 12)
            + ",\"bn.num_batches_tracked\":" + SafeTensorsFile.Tensor(string.Empty, 12, 20, "I64") + "}",
            [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40, 7, 0, 0, 0, 0, 0, 0, 0]);
        using Weights weights = PyTorchWeights.Read(
            new MemoryStream(file), network, name => name.Replace("fc.", "classifier.0.", StringComparison.Ordinal));
        CollectionAssert.AreEqual(new float[] { 1, 2 }, weights["fc.weight"].Span.ToArray());
        CollectionAssert.AreEqual(new float[] { 3 }, weights["fc.bias"].Span.ToArray());
    }

    [TestMethod]
    public void Files_of_other_networks_are_refused_by_name()
    {
        Network network = Network.Input([2]).Dense(1, useBias: false, name: "fc");
        byte[] none = new byte[8];
        AssertRefused(One("fc.weight", "2,1"), "\"fc.weight\"", "[1x2]", "Received: 2x1");
        AssertRefused(One("other.weight", "1,2"), "\"fc.weight\"", "\"other.weight\"");
        byte[] two = SafeTensorsFile.Of(
            "{\"fc.weight\":" + SafeTensorsFile.Tensor("1,2", 0, 8) + ",\"aux.weight\":" + SafeTensorsFile.Tensor("1", 8, 12) + "}", new byte[12]);
        AssertRefused(two, "also \"aux.weight\"");
        using Weights read = PyTorchWeights.Read(new MemoryStream(two), network, allowOthers: true);
        Assert.AreEqual(0f, read["fc.weight"].Span[1]);
        byte[] notANumber = SafeTensorsFile.Of(
            "{\"fc.weight\":" + SafeTensorsFile.Tensor("1,2", 0, 8) + "}", [0, 0, 0x80, 0x3F, 0, 0, 0xC0, 0x7F]);
        AssertRefused(notANumber, "\"fc.weight\"", "NaN");

        byte[] One(string name, string shape) => SafeTensorsFile.Of($"{{\"{name}\":" + SafeTensorsFile.Tensor(shape, 0, 8) + "}", none);

        void AssertRefused(byte[] file, params string[] parts)
        {
            ModelFormatException error =
                Assert.ThrowsExactly<ModelFormatException>(() => PyTorchWeights.Read(new MemoryStream(file), network));
            foreach (string part in parts)
            {
                StringAssert.Contains(error.Message, part.Trim('[', ']'));
            }
        }
    }

    private static SafeTensorsContent Written(Weights weights)
    {
        using MemoryStream stream = new();
        PyTorchWeights.Write(weights, stream);
        stream.Position = 0;
        return SafeTensors.ReadTensors(stream);
    }
}
