using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Core.Tests.Zoo;

/// <summary>Layers have the names by which torchvision's published weights know them, so that these can be loaded.</summary>
[TestClass]
public class NamesOfPublishedWeightsTests
{
    [TestMethod]
    [DataRow("alexnet", "features.0.weight features.10.bias classifier.1.weight classifier.6.bias")]
    [DataRow("vgg11", "features.0.weight features.3.weight features.6.bias features.18.weight classifier.0.weight classifier.6.bias")]
    [DataRow("vgg16", "features.2.weight features.28.weight classifier.3.weight")]
    [DataRow("squeezenet", "features.0.weight features.3.squeeze.weight features.12.expand3x3.bias classifier.1.weight")]
    [DataRow("squeezenet1.0", "features.5.expand1x1.weight features.7.squeeze.weight features.12.squeeze.bias")]
    [DataRow("densenet121", "features.conv0.weight features.norm0.running_mean features.denseblock1.denselayer1.norm1.weight "
        + "features.denseblock4.denselayer16.conv2.weight features.transition3.conv.weight features.norm5.bias classifier.weight")]
    [DataRow("googlenet-aux", "conv1.conv.weight conv3.bn.running_var inception3a.branch1.conv.weight inception3a.branch2.1.bn.bias "
        + "inception5b.branch4.1.conv.weight aux1.conv.conv.weight aux1.fc1.weight aux2.fc2.bias fc.weight")]
    [DataRow("inception-v3-aux", "Conv2d_1a_3x3.conv.weight Mixed_5b.branch5x5_2.bn.weight Mixed_6a.branch3x3.conv.weight "
        + "Mixed_6e.branch7x7dbl_5.conv.weight Mixed_7c.branch3x3dbl_3b.bn.running_mean AuxLogits.conv1.conv.weight AuxLogits.fc.bias fc.bias")]
    [DataRow("mobilenet-v2", "features.0.0.weight features.1.conv.0.0.weight features.1.conv.1.weight features.1.conv.2.bias "
        + "features.2.conv.1.0.weight features.17.conv.3.running_var features.18.1.weight classifier.1.weight")]
    [DataRow("shufflenet-v2", "conv1.0.weight stage2.0.branch1.0.weight stage2.0.branch1.3.bias stage4.3.branch2.6.running_var conv5.0.weight "
        + "fc.weight")]
    [DataRow("wide-resnet50-2", "conv1.weight layer1.0.downsample.0.weight layer4.2.bn3.bias fc.weight")]
    [DataRow("resnext50-32x4d", "layer1.0.conv2.weight layer3.5.conv3.weight")]
    public void Parameters_have_the_published_names(string name, string parameters) => CollectionAssert.IsSubsetOf(
        parameters.Split(' '), Architecture.Get(name).Create().Parameters.Select(parameter => parameter.Name).ToArray());

    // The entries of torchvision's state_dict, less those that count batches.
    [TestMethod]
    [DataRow("alexnet", 16)]
    [DataRow("vgg16", 32)]
    [DataRow("squeezenet", 52)]
    [DataRow("resnet50", 267)]
    [DataRow("densenet121", 606)]
    [DataRow("mobilenet-v2", 262)]
    [DataRow("shufflenet-v2", 282)]
    public void There_are_as_many_parameters_as_published(string name, int parameters) =>
        Assert.HasCount(parameters, Architecture.Get(name).Create().Parameters);
}
