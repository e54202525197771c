using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

[TestClass]
public sealed class ProfileCommandTests
{
    // LeNet-5, by hand: 28 28 6 5 5 1 + 10 10 16 5 5 6 + 400 120 + 120 84 + 84 10.
    private const long MultiplyAdds = 416_520;

    [TestMethod]
    public void Scoring_with_an_architecture_is_profiled_step_by_step()
    {
        using TestFolder folder = new();
        ProgramRun run = ConvNetProgram.Run(
            "profile", "lenet5", "--batch", "3", "--threads", "1", "--runs", "2", "--json", folder["p.json"]).Succeeded();
        StringAssert.Contains(run.Output, "lenet5: inference, batch 3, at most 1 thread");
        StringAssert.Contains(run.Output, "5x5 + bias + Relu");
        StringAssert.Contains(run.Output, "Memory: ");
        JsonElement report = TrainedModels.ReadJson(folder["p.json"]);
        Assert.AreEqual("lenet5", report.GetProperty("network").GetString());
        Assert.AreEqual(3, report.GetProperty("batch").GetInt32());
        Assert.AreEqual(2, report.GetProperty("runs").GetInt32());
        Assert.IsFalse(report.GetProperty("isTraining").GetBoolean());
        Assert.IsTrue(report.GetProperty("milliseconds").GetDouble() > 0);
        JsonElement[] steps = [.. report.GetProperty("steps").EnumerateArray()];
        Assert.AreEqual(3 * MultiplyAdds, steps.Sum(step => step.GetProperty("multiplyAdds").GetInt64()));
        Assert.AreEqual(1, steps.Sum(step => step.GetProperty("share").GetDouble()), 1e-6);
        JsonElement memory = report.GetProperty("memory");
        Assert.AreEqual(
            memory.GetProperty("arena").GetInt64() + memory.GetProperty("packedWeights").GetInt64(),
            report.GetProperty("plannedBytes").GetInt64());
    }

    [TestMethod]
    public void A_training_step_of_an_architecture_is_profiled_up_to_the_update()
    {
        ProgramRun run = ConvNetProgram.Run("profile", "lenet5", "--training", "--runs", "1").Succeeded();
        StringAssert.Contains(run.Output, "lenet5: training step, batch 32");
        StringAssert.Contains(run.Output, "backward");
        StringAssert.Contains(run.Output, "SGD");
    }

    [TestMethod]
    [DataRow("--batch=2")]
    [DataRow("--training")]
    public void A_model_file_is_profiled(string option)
    {
        ProgramRun run = ConvNetProgram.Run("profile", TrainedModels.DigitsModel, option, "--runs", "1").Succeeded();
        StringAssert.Contains(run.Output, "fc3");
        StringAssert.Contains(run.Output, "GFLOP/s");
    }

    [TestMethod]
    public void Without_a_number_of_runs_several_are_measured()
    {
        ProgramRun run = ConvNetProgram.Run("profile", "lenet5").Succeeded();
        Match runs = Regex.Match(run.Output, @"medians of (\d+) runs\n");
        Assert.IsTrue(int.Parse(runs.Groups[1].Value, CultureInfo.InvariantCulture) >= 5, run.Output);
    }

    [TestMethod]
    public void What_is_neither_an_architecture_nor_a_file_is_an_error_that_says_what_lists_the_architectures() =>
        ConvNetProgram.Run("profile", "lenet6").FailedWithOneLine("lenet6", "convnet zoo lists them");

    [TestMethod]
    [DataRow("--batch", "0")]
    [DataRow("--threads", "-1")]
    [DataRow("--runs", "many")]
    public void A_number_out_of_range_is_an_error_that_names_the_option(string option, string value) =>
        ConvNetProgram.Run("profile", "lenet5", option, value).FailedWithOneLine(option, value);

    [TestMethod]
    public void A_report_that_cannot_be_written_is_an_error_before_anything_is_measured()
    {
        using TestFolder folder = new();
        ProgramRun run = ConvNetProgram.Run("profile", "lenet5", "--json", folder["no/such.json"]).FailedWithOneLine("--json");
        Assert.AreEqual(string.Empty, run.Output);
    }

    [TestMethod]
    public void A_batch_that_no_machine_has_memory_for_is_refused_before_memory_is_taken() =>
        ConvNetProgram.Run("profile", "vgg11", "--training", "--batch", "1000000", "--runs", "1")
            .FailedWithOneLine("--batch is as many images as fit into memory", "Received: 1000000", " GB; this ", " has ");
}
