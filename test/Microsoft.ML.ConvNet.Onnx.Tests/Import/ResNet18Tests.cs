using Microsoft.ML.ConvNet.Core.Tests.Data;
using Microsoft.ML.ConvNet.Onnx.Tests.Export;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Onnx.Tests.Import;

/// <summary>
/// ResNet-18 as a base network, beside ONNX Runtime on the two graphs of the package that it comes from. Where NuGet's folder does not have that
/// package the tests are inconclusive.
/// </summary>
[TestClass]
public sealed class ResNet18Tests
{
    private const int Size = 224;
    private const int Pixels = Size * Size;
    private static readonly string Network = Path.Combine("ResNet18Onnx", "ResNet18.onnx");
    private static readonly string Preparation = Path.Combine("ResNetPrepOnnx", "ResNetPreprocess.onnx");

    [TestMethod]
    public void Preparation_gives_the_numbers_of_the_packages_own_graph_to_the_bit()
    {
        string folder = Folder();
        using PretrainedModel model = BaseNetwork.LoadResNet18(folder);
        byte[] image = Image();
        float[] expected = OnnxRuntimePeer.Score(Path.Combine(folder, Preparation), Planes(image)).ToArray();

        float[] prepared = BlueFirst(image);
        model.Normalization.Apply(prepared);

        Assert.AreEqual(ChannelOrder.Bgr, model.ChannelOrder);
        for (int i = 0; i < prepared.Length; i++)
        {
            Assert.AreEqual(expected[((i % 3) * Pixels) + (i / 3)], prepared[i], $"value {i}");
        }
    }

    [TestMethod]
    public void Its_features_are_those_of_ONNX_Runtime()
    {
        string folder = Folder();
        using PretrainedModel model = BaseNetwork.LoadResNet18(folder);
        byte[] image = Image();
        OnnxTensor prepared = OnnxRuntimePeer.Score(Path.Combine(folder, Preparation), Planes(image));
        float[] expected = OnnxRuntimePeer.Score(
            Path.Combine(folder, Network), new OnnxTensor([1, 3, Size, Size], prepared.ToArray())).ToArray();

        float[] pixels = BlueFirst(image);
        model.Normalization.Apply(pixels);
        float[] features = new float[model.Network.OutputShape.ElementCount];
        using InferenceModel inference = new(model.Network, model.Weights, numberOfThreads: 2);
        inference.Predict(pixels, 1, features);

        Assert.HasCount(512, features);
        Assert.AreEqual("resnet18", model.Name);
        double error = features.Zip(expected).Max(pair => Math.Abs(pair.First - pair.Second));
        Assert.IsLessThan(1e-4 * expected.Max(), error);
    }

    [TestMethod]
    public void Smaller_images_have_as_many_features()
    {
        using PretrainedModel model = BaseNetwork.LoadResNet18(Folder());
        Shape small = new(128, 128, 3);
        Networks.Network features = model.Network.Truncate(model.FeatureLayer!).WithInput(small);
        Assert.AreEqual(512, features.WithVectorOutput().OutputShape.ElementCount);
        Assert.IsTrue(model.Normalization.Resized(model.Network.InputShape, small).Fits(small));
    }

    [TestMethod]
    public void Where_the_files_are_not_the_package_is_named_that_brings_them()
    {
        using ScratchFolder folder = new();
        FileNotFoundException error = Assert.ThrowsExactly<FileNotFoundException>(() => BaseNetwork.LoadResNet18(folder.Path));
        Assert.Contains("dotnet add package Microsoft.ML.ConvNet.ResNet18", error.Message);
        Assert.Contains(folder[Network], error.Message);
        Assert.Contains(
            "dotnet add package Microsoft.ML.ConvNet.ResNet18", Assert.ThrowsExactly<FileNotFoundException>(() => BaseNetwork.ResNet18).Message);
    }

    [TestMethod]
    public void A_preparation_that_is_another_is_refused()
    {
        string folder = Folder();
        using ScratchFolder other = new();
        other.Touch(Network, Preparation);
        File.Copy(Path.Combine(folder, Network), other[Network], overwrite: true);
        File.Copy(Path.Combine(folder, Network), other[Preparation], overwrite: true);
        Assert.Contains(
            "subtracts a mean image", Assert.ThrowsExactly<ModelFormatException>(() => BaseNetwork.LoadResNet18(other.Path)).Message);
    }

    private static byte[] Image()
    {
        byte[] image = new byte[3 * Pixels];
        new Random(5).NextBytes(image);
        return image;
    }

    /// <summary>Red, green and blue as planes, of pixels with red first.</summary>
    private static OnnxTensor Planes(byte[] image) => new(
        [1, 3, Size, Size], [.. Enumerable.Range(0, image.Length).Select(i => (float)image[((i % Pixels) * 3) + (i / Pixels)])]);

    private static float[] BlueFirst(byte[] image) => [.. Enumerable.Range(0, image.Length).Select(i => (float)image[i - (i % 3) + 2 - (i % 3)])];

    private static string Folder()
    {
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string folder = Path.Combine(packages, "microsoft.ml.dnnimagefeaturizer.resnet18", "0.23.1", "tools", "DnnImageModels");
        if (!File.Exists(Path.Combine(folder, Network)))
        {
            Assert.Inconclusive($"There is no {Network} in \"{folder}\"; dotnet restore src/Microsoft.ML.ConvNet.ResNet18 brings it.");
        }

        return folder;
    }
}
