using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Core.Tests.Zoo;

[TestClass]
public class AlexNetTests
{
    [TestMethod]
    public void It_has_the_published_number_of_parameters() => Assert.AreEqual(61_100_840, AlexNet.Create().ParameterCount);

    [TestMethod]
    public void Its_layers_have_the_shapes_of_the_form_for_one_processor() => Assert.AreEqual(
        "55x55x64 55x55x64 27x27x64 27x27x192 27x27x192 13x13x192 13x13x384 13x13x384 13x13x256 13x13x256 13x13x256 13x13x256 6x6x256 "
        + "6x6x256 9216 9216 4096 4096 4096 4096 4096 1000 1000",
        ZooTable.Shapes(AlexNet.Create()));

    [TestMethod]
    public void Its_weights_are_those_of_the_hand_calculation() => CollectionAssert.AreEqual(
        new long[]
        {
            11 * 11 * 3 * 64, 5 * 5 * 64 * 192, 3 * 3 * 192 * 384, 3 * 3 * 384 * 256, 3 * 3 * 256 * 256,
            6 * 6 * 256 * 4096, 4096 * 4096, 4096 * 1000,
        },
        ZooTable.Weights(AlexNet.Create()));

    [TestMethod]
    public void Other_images_are_pooled_to_6x6_from_63x63()
    {
        Assert.AreEqual("6x6x256", ZooTable.Shapes(AlexNet.Create([63, 63, 3], 5), "avgpool"));
        Assert.AreEqual("6x6x256", ZooTable.Shapes(AlexNet.Create([300, 200, 1], 5), "avgpool"));
        Assert.ThrowsExactly<NetworkDefinitionException>(() => AlexNet.Create([62, 62, 3], 5));
    }
}
