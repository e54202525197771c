using Microsoft.ML.ConvNet.Core.Tests.Networks;
using Microsoft.ML.ConvNet.Core.Tests.Numbers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Core.Tests.Zoo;

[TestClass]
public class SqueezeNetTests
{
    [TestMethod]
    public void Its_layers_have_the_published_shapes()
    {
        Network network = SqueezeNet.Create();
        Assert.AreEqual("111x111x64 13x13x1000", $"{ZooTable.Shapes(network, "features.0")} {ZooTable.Shapes(network, "classifier.1")}");
        Assert.AreEqual("55x55x64 27x27x128 13x13x256", ZooTable.Shapes(network, "maxpool"));
        Assert.AreEqual(
            "55x55x128 55x55x128 27x27x256 27x27x256 13x13x384 13x13x384 13x13x512 13x13x512", ZooTable.Shapes(network, "concat"));
        Assert.AreEqual("1000", ZooTable.Shapes(network, "gap"));
    }

    [TestMethod]
    public void Version_1_0_has_the_shapes_of_the_papers_table_1()
    {
        // The table's 111x111 after conv1 takes a padding of 2 that the published network does not have; 109x109 pools to 54x54.
        Network network = SqueezeNet.Create10();
        Assert.AreEqual("109x109x96 13x13x1000", $"{ZooTable.Shapes(network, "features.0")} {ZooTable.Shapes(network, "classifier.1")}");
        Assert.AreEqual("54x54x96 27x27x256 13x13x512", ZooTable.Shapes(network, "maxpool"));
        Assert.AreEqual(
            "54x54x128 54x54x128 54x54x256 27x27x256 27x27x384 27x27x384 27x27x512 13x13x512", ZooTable.Shapes(network, "concat"));
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
