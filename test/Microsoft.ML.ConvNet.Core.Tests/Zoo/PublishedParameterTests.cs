using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Core.Tests.Zoo;

/// <summary>Parameters and multiply-adds beside what was published of them.</summary>
[TestClass]
public class PublishedParameterTests
{
    [TestMethod]
    [DataRow("lenet5", 61_706)]
    [DataRow("mnist-convnet", 799_078)]
    [DataRow("alexnet", 61_100_840)]
    [DataRow("alexnet-2012", 62_378_344)]
    [DataRow("alexnet-2012-nolrn", 62_378_344)]
    [DataRow("vgg11", 132_863_336)]
    [DataRow("vgg11-lrn", 132_863_336)]
    [DataRow("vgg13", 133_047_848)]
    [DataRow("vgg16-c", 133_638_952)]
    [DataRow("vgg16", 138_357_544)]
    [DataRow("vgg19", 143_667_240)]
    [DataRow("googlenet-2014", 6_998_552)]
    [DataRow("googlenet", 6_624_904)]
    [DataRow("googlenet-aux", 13_004_888)]
    [DataRow("googlenet-5x5", 7_005_832)]
    [DataRow("inception-v3", 23_834_568)]
    [DataRow("inception-v4", 42_679_816)]
    [DataRow("inception-resnet-v2", 55_843_464)]
    [DataRow("squeezenet1.0", 1_248_424)]
    [DataRow("squeezenet", 1_235_496)]
    [DataRow("resnet18", 11_689_512)]
    [DataRow("resnet34", 21_797_672)]
    [DataRow("resnet50", 25_557_032)]
    [DataRow("resnet101", 44_549_160)]
    [DataRow("resnet152", 60_192_808)]
    [DataRow("wide-resnet50-2", 68_883_240)]
    [DataRow("resnext50-32x4d", 25_028_904)]
    [DataRow("resnext101-32x8d", 88_791_336)]
    [DataRow("densenet121", 7_978_856)]
    [DataRow("densenet161", 28_681_000)]
    [DataRow("densenet169", 14_149_480)]
    [DataRow("densenet201", 20_013_928)]
    [DataRow("mobilenet-v2", 3_504_872)]
    [DataRow("shufflenet-v2", 2_278_604)]
    public void The_published_number_is_met_to_the_unit(string name, long parameters) =>
        Assert.AreEqual(parameters, Published(name).ParameterCount);

    // torchvision's documentation of its weights gives these to the unit.
    [TestMethod]
    [DataRow("inception-v3-aux", 27_161_264)]
    [DataRow("wide-resnet101-2", 126_886_696)]
    [DataRow("shufflenet-v2-x0.5", 1_366_792)]
    [DataRow("shufflenet-v2-x1.5", 3_503_624)]
    [DataRow("shufflenet-v2-x2.0", 7_393_996)]
    public void The_number_of_published_weights_is_met_to_the_unit(string name, long parameters) =>
        Assert.AreEqual(parameters, Published(name).ParameterCount);

    // Sums by hand: 16 filters of 5 x 5 x 3, 20 of 5 x 5 x 16, 20 of 5 x 5 x 20, 4 x 4 x 20 x 10 and the biases; for ZFNet the layers of the
    // paper's figure 3.
    [TestMethod]
    [DataRow("convnetjs-cifar10", 1_216 + 8_020 + 10_020 + 3_210)]
    [DataRow("zfnet", 14_208 + 614_656 + 885_120 + 1_327_488 + 884_992 + 37_752_832 + 16_781_312 + 4_097_000)]
    public void The_sum_by_hand_is_met_to_the_unit(string name, long parameters) =>
        Assert.AreEqual(parameters, Published(name).ParameterCount);

    [TestMethod]
    [DataRow("preresnet164", 1.7, "He et al. (2016, identity mappings), table 4")]
    [DataRow("preresnet200", 64.7, "the authors' implementation")]
    [DataRow("wrn16-8", 11.0, "Zagoruyko and Komodakis (2016), table 5")]
    [DataRow("wrn28-10", 36.5, "the same, table 5")]
    [DataRow("wrn40-4", 8.9, "the same, table 5")]
    [DataRow("densenet-bc100-12", 0.8, "Huang et al. (2017), table 2")]
    [DataRow("densenet-bc190-40", 25.6, "the same, table 2")]
    [DataRow("fractalnet20", 2.1, "Larsson et al. (2017), table 3")]
    [DataRow("fractalnet40", 4.8, "the same, table 3")]
    [DataRow("mobilenet-v1", 4.2, "Howard et al. (2017), table 8")]
    public void The_papers_rounded_number_of_millions_is_met(string name, double millions, string source) =>
        Assert.AreEqual(millions, Math.Round(Published(name).ParameterCount / 1e6, 1), 1e-9, source);

    [TestMethod]
    [DataRow("resnet20", 0.27)]
    [DataRow("resnet32", 0.46)]
    [DataRow("resnet44", 0.66)]
    [DataRow("resnet56", 0.85)]
    [DataRow("resnet110", 1.73)] // The table says 1.7.
    public void Residual_networks_for_CIFAR_have_the_parameters_of_the_papers_table_6(string name, double millions) =>
        Assert.AreEqual(millions, Math.Round(Published(name).ParameterCount / 1e6, 2), 1e-9);

    // Han et al. (2017), tables 4 and 5, whose counts are lower by up to 4%: those of the published implementation, too, are these.
    [TestMethod]
    [DataRow("pyramidnet110-a48", 1.7)]
    [DataRow("pyramidnet110-a84", 3.8)]
    [DataRow("pyramidnet110-a270", 28.3)]
    [DataRow("pyramidnet164-a270", 27.0)]
    [DataRow("pyramidnet272-a200", 26.0)]
    [DataRow("pyramidnet200-a300", 62.1)]
    public void Pyramids_have_about_the_papers_parameters(string name, double millions) =>
        Assert.AreEqual(1, Published(name).ParameterCount / (millions * 1e6), 0.045);

    [TestMethod]
    public void A_thousand_layers_have_about_the_papers_parameters() =>
        Assert.AreEqual(10.2e6, Published("preresnet1001").ParameterCount, 0.15e6, "He et al. (2016, identity mappings), table 4");

    // Larsson et al. (2017), table 3, whose networks have 100 classes.
    [TestMethod]
    [DataRow(1, 0.3)]
    [DataRow(2, 0.8)]
    [DataRow(5, 10.2)]
    [DataRow(6, 21.1)]
    public void Fractals_of_any_number_of_columns_have_the_papers_parameters(int columns, double millions) =>
        Assert.AreEqual(millions, Math.Round(FractalNet.Create(columns, filters: 16, classes: 100).ParameterCount / 1e6, 1), 1e-9);

    [TestMethod]
    public void ResNet_50_takes_the_published_multiply_adds() =>
        Assert.AreEqual(4_089_184_256, Published("resnet50").Summary().MultiplyAdds);

    [TestMethod]
    [DataRow("vgg16", 15.47e9, 0.005e9, "the courses' table")]
    [DataRow("resnext50-32x4d", 4.2e9, 0.05e9, "Xie et al. (2017), table 1")]
    [DataRow("mobilenet-v1", 569e6, 0.5e6, "Howard et al. (2017), table 8")]
    [DataRow("shufflenet-v1", 137e6, 0.5e6, "Zhang et al. (2018), table 1, three groups")]
    [DataRow("mobilenet-v2", 300e6, 1e6, "Sandler et al. (2018), table 4")]
    public void The_papers_rounded_multiply_adds_are_met(string name, double multiplyAdds, double within, string source) =>
        Assert.AreEqual(multiplyAdds, Published(name).Summary().MultiplyAdds, within, source);

    private static Network Published(string name)
    {
        Architecture architecture = Architecture.Get(name);
        return architecture.Create(classes: architecture.Classes);
    }
}
