using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

[TestClass]
public sealed partial class DemoCommandTests
{
    [TestMethod]
    public void The_demo_beats_the_linear_trainer_on_digits_that_it_draws_itself_and_predicts_the_same_in_a_second_process()
    {
        using TestFolder folder = new();
        ProgramRun run = ConvNetProgram.RunProcess("demo", "--model", folder["m.zip"]).Succeeded();
        double network = Percentage(run, LeNetLine());
        double linear = Percentage(run, LinearLine());
        Assert.IsTrue(network > 97, $"LeNet-5: {network}%");
        Assert.IsTrue(network - linear >= 3, $"LeNet-5: {network}%, linear: {linear}%");
        StringAssert.Contains(run.Output, "its probabilities are those of the first process, bit for bit");
        ConvNetProgram.Run("summary", folder["m.zip"]).Succeeded();
    }

    [TestMethod]
    public void The_demo_takes_a_folder_of_images()
    {
        using TestFolder folder = new();
        ProgramRun run = ConvNetProgram.RunProcess(
            "demo", "--data", TrainedModels.ColoursFolder, "--epochs", "2", "--model", folder["m.zip"]).Succeeded();
        StringAssert.Contains(run.Output, "75 images to train, 15 to test");
        StringAssert.Contains(run.Output, "epoch 2/2");
        StringAssert.Contains(run.Output, "bit for bit");
    }

    [TestMethod]
    public void The_demo_takes_a_folder_of_IDX_files()
    {
        using TestFolder folder = new();
        ProgramRun run = ConvNetProgram.RunProcess(
            "demo", "--data", TrainedModels.DigitsFolder, "--epochs", "1", "--model", folder["m.zip"]).Succeeded();
        StringAssert.Contains(run.Output, "1,000 images to train, 200 to test");
        StringAssert.Contains(run.Output, "bit for bit");
    }

    private static double Percentage(ProgramRun run, Regex line)
    {
        Match match = line.Match(run.Output);
        Assert.IsTrue(match.Success, run.Output);
        return double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^LeNet-5 +(\d+\.\d+)%", RegexOptions.Multiline)]
    private static partial Regex LeNetLine();

    [GeneratedRegex(@"^ML\.NET's LbfgsMaximumEntropy +(\d+\.\d+)%", RegexOptions.Multiline)]
    private static partial Regex LinearLine();
}
