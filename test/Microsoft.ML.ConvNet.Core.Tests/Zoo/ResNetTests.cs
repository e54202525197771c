using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Core.Tests.Zoo;

[TestClass]
public class ResNetTests
{
    [TestMethod]
    public void ResNet_18_has_the_papers_shapes()
    {
        Network network = ResNet.Create18();
        Assert.AreEqual("112x112x64 56x56x64", $"{ZooTable.Shapes(network, "conv1")} {ZooTable.Shapes(network, "maxpool")}");
        string[] stages = ["56x56x64", "28x28x128", "14x14x256", "7x7x512"];
        for (int stage = 0; stage < stages.Length; stage++)
        {
            // A shortcut has a convolution where the shape changes: in the first block of all stages but the first.
            Assert.AreEqual(
                string.Join(' ', Enumerable.Repeat(stages[stage], stage == 0 ? 8 : 10)), ZooTable.Shapes(network, $"layer{stage + 1}."));
        }

        Assert.AreEqual("512 1000", $"{ZooTable.Shapes(network, "gap")} {ZooTable.Shapes(network, "fc")}");
    }

    [TestMethod]
    public void Layers_have_the_names_of_published_weights()
    {
        string[] names = [.. ResNet.Create50().Parameters.Select(parameter => parameter.Name)];
        CollectionAssert.IsSubsetOf(
            new[]
            {
                "conv1.weight", "bn1.running_var", "layer1.0.conv3.weight", "layer2.0.downsample.0.weight", "layer2.0.downsample.1.bias",
                "layer3.5.bn2.weight", "fc.weight", "fc.bias",
            },
            names);
        Assert.IsFalse(names.Contains("conv1.bias"));
    }

    [TestMethod]
    public void ResNet_18_scores_small_images_as_its_definition_says()
    {
        Network network = ResNet.Create18([24, 24, 3], 10);
        using Weights weights = TestWeights.Create(network);
        float[] images = DistinctNumbers.Create(2 * network.InputShape.ElementCount, seed: 5);
        NetworkOracle oracle = new(network, weights, images, batch: 2, isTraining: false);
        Closeness.AssertClose(oracle.Forward(), EngineRun.Predict(network, weights, images, 2, threads: 2), 1e-4, "scores");
    }
}
