using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

[TestClass]
public sealed class SummaryCommandTests
{
    // The counts of parameters are sums by hand: LeNet-5 6 x 25 + 6, 16 x 150 + 16, 400 x 120 + 120, 120 x 84 + 84, 84 x 10 + 10.
    [TestMethod]
    [DataRow("lenet5", "61,706")]
    [DataRow("lenet5-1998", "61,706")]
    [DataRow("mnist-convnet", "799,078")]
    [DataRow("resnet18", "11,689,512")]
    [DataRow("densenet121", "7,978,856")]
    [DataRow("conv3-32 relu pool2 conv3-32 relu pool2 fc500 relu fc10", "1,039,654")] // 896 + 9,248 + 2,049 x 500 + 501 x 10 for 32x32x3.
    public void An_architecture_is_summarised_for_the_images_that_it_was_made_for(string name, string parameters)
    {
        ProgramRun run = ConvNetProgram.Run("summary", name).Succeeded();
        StringAssert.Contains(run.Output, parameters);
        StringAssert.Contains(run.Output, "multiply-adds");
    }

    [TestMethod]
    public void An_architecture_is_summarised_for_other_images()
    {
        ProgramRun run = ConvNetProgram.Run("summary", "lenet5", "--input", "40x36x3").Succeeded();
        StringAssert.Contains(run.Output, "40x36x3");
    }

    [TestMethod]
    public void An_architecture_is_summarised_for_other_classes_and_widths()
    {
        // 11,689,512 - (513 x 990): ten classes in place of 1000.
        StringAssert.Contains(ConvNetProgram.Run("summary", "resnet18", "--classes", "10").Succeeded().Output, "11,181,642");
        StringAssert.Contains(ConvNetProgram.Run("summary", "mobilenet-v2", "--width", "0.5").Succeeded().Output, "112x112x16");
    }

    [TestMethod]
    public void Layers_in_one_line_are_summarised_as_they_are_written()
    {
        ProgramRun run = ConvNetProgram.Run("summary", "28x28x1 conv5-6p2 relu pool2").Succeeded();
        StringAssert.Contains(run.Output, "14x14x6");
        StringAssert.Contains(run.Output, "Parameters: 156 ");
    }

    [TestMethod]
    public void A_wrong_word_of_a_line_of_layers_is_pointed_at() =>
        ConvNetProgram.Run("summary", "conv3-8 rellu fc10").FailedWithOneLine("conv3-8 >>>rellu<<< fc10", "nearest is \"relu\"", "character 9");

    [TestMethod]
    [DataRow("--classes", "3")]
    [DataRow("--width", "2")]
    [DataRow("--input", "28x28x1")]
    public void A_model_has_its_shapes_already(string option, string value) =>
        ConvNetProgram.Run("summary", TrainedModels.ColoursModel, option, value).FailedWithOneLine($"{option} {value}");

    [TestMethod]
    public void A_model_file_is_summarised_with_its_classes()
    {
        ProgramRun run = ConvNetProgram.Run("summary", TrainedModels.ColoursModel).Succeeded();
        StringAssert.Contains(run.Output, "28x28x3");
        StringAssert.Contains(run.Output, "Classes: blue, green, red");
    }

    [TestMethod]
    public void An_image_too_small_for_a_window_is_an_error_that_names_it() =>
        ConvNetProgram.Run("summary", "lenet5", "--input", "5x5x1").FailedWithOneLine("5x5");

    [TestMethod]
    public void An_input_that_is_no_size_is_an_error() =>
        ConvNetProgram.Run("summary", "lenet5", "--input", "28x28").FailedWithOneLine("--input", "28x28");

    [TestMethod]
    public void What_is_neither_an_architecture_nor_a_file_is_an_error_that_lists_the_architectures() =>
        ConvNetProgram.Run("summary", "lenet6").FailedWithOneLine("lenet6", "convnet zoo lists them");
}
