using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Core.Tests.Zoo;

[TestClass]
public class SqueezeNetTests
{
    [TestMethod]
    public void It_has_the_published_number_of_parameters() => Assert.AreEqual(1_235_496, SqueezeNet.Create().ParameterCount);

    [TestMethod]
    public void Its_layers_have_the_published_shapes()
    {
        Network network = SqueezeNet.Create();
        Assert.AreEqual("111x111x64 13x13x1000", ZooTable.Shapes(network, "conv1"));
        Assert.AreEqual("55x55x64 27x27x128 13x13x256", ZooTable.Shapes(network, "maxpool"));
        Assert.AreEqual(
            "55x55x128 55x55x128 27x27x256 27x27x256 13x13x384 13x13x384 13x13x512 13x13x512", ZooTable.Shapes(network, "concat"));
        Assert.AreEqual("1000", ZooTable.Shapes(network, "gap"));
    }

    [TestMethod]
    public void Pooling_keeps_a_last_window_that_reaches_over_the_border()
    {
        // (112 - 3) / 2 + 1 = 55.5 and (56 - 3) / 2 + 1 = 27.5.
        Assert.AreEqual("56x56x64 28x28x128 14x14x256", ZooTable.Shapes(SqueezeNet.Create([226, 226, 3]), "maxpool"));
    }

    [TestMethod]
    public void It_scores_small_images_as_its_definition_says()
    {
        Network network = SqueezeNet.Create([36, 36, 3], 10);
        using Weights weights = TestWeights.Create(network);
        float[] images = DistinctNumbers.Create(2 * network.InputShape.ElementCount, seed: 6);
        NetworkOracle oracle = new(network, weights, images, batch: 2, isTraining: false);
        Closeness.AssertClose(oracle.Forward(), EngineRun.Predict(network, weights, images, 2, threads: 2), 1e-4, "scores");
    }
}
