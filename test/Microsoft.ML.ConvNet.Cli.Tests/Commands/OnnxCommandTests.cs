using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;
using Microsoft.ML.ConvNet.Core.Tests.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Onnx;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

/// <summary>ONNX files as models of the tool, and back.</summary>
[TestClass]
public sealed class OnnxCommandTests
{
    [TestMethod]
    public void SqueezeNet_is_imported_and_calls_the_kitten_a_tabby_and_so_does_what_is_exported_of_it()
    {
        string models = TestData.Folder("models");
        string kitten = Path.Combine(TestData.Folder("images"), "kitten.png");
        string labels = Path.Combine(models, "imagenet-labels.txt");
        using TestFolder folder = new();
        ConvNetProgram.Run(
            "import",
            Path.Combine(models, "squeezenet_fp16.onnx"),
            "--model",
            folder["model.zip"],
            "--labels",
            labels,
            "--order",
            "bgr",
            "--mean",
            "103.939,116.779,123.68").Succeeded();
        string said = ConvNetProgram.Run("predict", "--model", folder["model.zip"], kitten).Succeeded().Output;
        StringAssert.Contains(said, "tabby, tabby cat 94.");

        // What is subtracted from the pixels is part of the exported model, and the order of the colours is not.
        StringAssert.Contains(
            ConvNetProgram.Run("export", "--model", folder["model.zip"], folder["again.onnx"]).Succeeded().Output, "blue first");
        ConvNetProgram.Run("import", folder["again.onnx"], "--model", folder["again.zip"], "--labels", labels, "--order", "bgr").Succeeded();
        StringAssert.Contains(
            ConvNetProgram.Run("predict", "--model", folder["again.zip"], kitten).Succeeded().Output, "tabby, tabby cat 94.");
    }

    [TestMethod]
    public void A_test_case_of_ONNX_is_verified_and_another_ones_results_are_not()
    {
        string cases = Path.Combine(TestData.Folder("onnx"), "node");
        string model = Path.Combine(cases, "test_elu", "model.onnx");
        ProgramRun right = ConvNetProgram.Run("verify", model, "--data", Path.Combine(cases, "test_elu", "test_data_set_0")).Succeeded();
        StringAssert.Contains(right.Output, "agrees: largest error");
        ProgramRun wrong = ConvNetProgram.Run("verify", model, "--data", Path.Combine(cases, "test_exp", "test_data_set_0"));
        Assert.AreEqual(1, wrong.ExitCode);
        StringAssert.Contains(wrong.Output, "differs: largest error");
        ConvNetProgram.Run("verify", model, "--data", Path.Combine(cases, "test_exp", "test_data_set_0"), "--atol", "1000").Succeeded();
    }

    [TestMethod]
    public void A_network_without_softmax_becomes_a_model_of_probabilities_and_its_classes_are_numbered()
    {
        using TestFolder folder = new();
        WriteNetwork(folder["net.onnx"]);
        ProgramRun run = ConvNetProgram.Run("import", folder["net.onnx"], "--model", folder["model.zip"]).Succeeded();
        StringAssert.Contains(run.Output, "images of 8x8x3, 4 classes");
        StringAssert.Contains(ConvNetProgram.Run("summary", folder["model.zip"]).Succeeded().Output, "Classes: 0, 1, 2, 3");
        StringAssert.Contains(ConvNetProgram.Run("summary", folder["model.zip"]).Succeeded().Output, "Softmax");
    }

    [TestMethod]
    [DataRow(null, false, "outputs: logits, behind which a softmax was put")]
    [DataRow("probabilities", false, "outputs: probabilities")]
    [DataRow(null, true, "outputs: probabilities")]
    [DataRow("logits", true, "outputs: logits, behind which a softmax was put")]
    public void The_import_says_what_the_outputs_are_and_the_user_can_say_it(string? kind, bool endsInSigmoids, string said)
    {
        using TestFolder folder = new();
        WriteNetwork(folder["net.onnx"], endsInSigmoids);
        string[] import = ["import", folder["net.onnx"], "--model", folder["model.zip"]];
        ProgramRun run = ConvNetProgram.Run(kind is null ? import : [.. import, "--outputs", kind]).Succeeded();
        StringAssert.Contains(run.Output, said);
        Assert.AreEqual(
            said.Contains("softmax"), ConvNetProgram.Run("summary", folder["model.zip"]).Succeeded().Output.Contains("Softmax"));
    }

    [TestMethod]
    public void The_names_of_classes_go_with_an_exported_model()
    {
        using TestFolder folder = new();
        StringAssert.Contains(
            ConvNetProgram.Run("export", "--model", TrainedModels.ColoursModel, folder["net.onnx"]).Succeeded().Output,
            "classes blue, green, red, in the metadata \"names\"");
        StringAssert.Contains(
            ConvNetProgram.Run("import", folder["net.onnx"], "--model", folder["model.zip"]).Succeeded().Output, "3 classes: blue, green, red\n");
        StringAssert.Contains(ConvNetProgram.Run("summary", folder["model.zip"]).Succeeded().Output, "Classes: blue, green, red\n");

        File.WriteAllLines(folder["labels.txt"], ["azure", "lime", "ruby"]);
        StringAssert.Contains(
            ConvNetProgram.Run("import", folder["net.onnx"], "--model", folder["model.zip"], "--labels", folder["labels.txt"]).Succeeded().Output,
            "3 classes: azure, lime, ruby\n");
    }

    [TestMethod]
    public void Names_in_a_model_are_shown_without_commands_to_a_terminal_and_told_apart()
    {
        using TestFolder folder = new();
        OnnxFiles.WriteProductOfConstants(folder["net.onnx"], metadata: ("names", "{0: 'a\\x1b[31m', 1: 'b', 2: 'b', 3: 'c'}"));
        ProgramRun run = ConvNetProgram.Run("import", folder["net.onnx"], "--model", folder["model.zip"]).Succeeded();
        StringAssert.Contains(run.Output, "4 classes: a\\u001B[31m, b, b (2), c\n");
    }

    [TestMethod]
    public void Another_number_of_names_than_of_classes_is_warned_of()
    {
        using TestFolder folder = new();
        OnnxFiles.WriteProductOfConstants(folder["net.onnx"], metadata: ("names", "['a', 'b']"));
        ProgramRun run = ConvNetProgram.Run("import", folder["net.onnx"], "--model", folder["model.zip"]);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("warning: the model has 4 classes and names 2, so that they are numbered; --labels names them.\n", run.Error);
        StringAssert.Contains(ConvNetProgram.Run("summary", folder["model.zip"]).Succeeded().Output, "Classes: 0, 1, 2, 3\n");
    }

    [TestMethod]
    public void What_does_not_fit_a_model_is_said_in_one_line()
    {
        using TestFolder folder = new();
        WriteNetwork(folder["net.onnx"]);
        File.WriteAllLines(folder["labels.txt"], ["cat", "dog"]);
        string[] import = ["import", folder["net.onnx"], "--model", folder["model.zip"]];
        ConvNetProgram.Run([.. import, "--labels", folder["labels.txt"]]).FailedWithOneLine("4 classes", "no name for class 2");
        ConvNetProgram.Run([.. import, "--mean", "1,2"]).FailedWithOneLine("--mean is 1 or 3 numbers", "Received: 1,2.");
        ConvNetProgram.Run([.. import, "--std", "1,0,1"]).FailedWithOneLine("--std is 1 or 3 numbers from 1E-06", "Received: 1,0,1");
        ConvNetProgram.Run("import", folder["labels.txt"], "--model", folder["model.zip"]).FailedWithOneLine("ONNX model file");
        ConvNetProgram.Run("verify", folder["net.onnx"], "--data", folder.Path).FailedWithOneLine("no input_0.pb");
        Assert.IsFalse(File.Exists(folder["model.zip"]));
    }

    [TestMethod]
    [DataRow("\n\n0,cat\n\n1,dog\n\n1,cow\n", "\"1,cow\" in line 7")]
    [DataRow("0,cat\n\n  \n9,dog", "\"9,dog\" in line 4")]
    [DataRow("cat\n\ndog\ncow\n\nhen\nant\n", "5 names")]
    public void A_wrong_line_of_labels_is_named_as_an_editor_counts_them(string text, string received)
    {
        using TestFolder folder = new();
        WriteNetwork(folder["net.onnx"]);
        File.WriteAllText(folder["labels.txt"], text);
        ConvNetProgram.Run("import", folder["net.onnx"], "--model", folder["model.zip"], "--labels", folder["labels.txt"])
            .FailedWithOneLine("4 classes, one a line", $"with {received}.");
    }

    private static void WriteNetwork(string path, bool endsInSigmoids = false)
    {
        SymbolicTensor logits = Network.Input(8, 8, 3).Conv(4, 3).Relu().GlobalAvgPool().Dense(4);
        Network network = endsInSigmoids ? logits.Sigmoid() : logits;
        using Weights weights = Weights.Initialize(network, 1);
        OnnxExport.Save(network, weights, path);
    }
}
