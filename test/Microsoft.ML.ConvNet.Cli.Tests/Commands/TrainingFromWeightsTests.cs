using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Cli.Tests.Data;
using Microsoft.ML.ConvNet.Cli.Tests.Running;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Networks.Notation;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Cli.Tests.Commands;

/// <summary>A training that begins with the weights of a file.</summary>
[TestClass]
public sealed class TrainingFromWeightsTests : IDisposable
{
    private const string Layers = "16x16x3 conv3-4 relu pool2 flatten fc3 relu fc";

    /// <summary>A learning rate by which no weight moves.</summary>
    private const string Hardly = "1e-12";

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void What_a_model_has_learnt_is_where_the_next_training_begins()
    {
        Train("first.zip").Succeeded();
        ProgramRun run = Train("second.zip", "--weights", _folder["first.zip"], "--learning-rate", Hardly).Succeeded();
        StringAssert.Contains(run.Output, $"6 of 6 parameters begin as in {_folder["first.zip"]}\n");
        using LoadedModel first = LoadedModel.Load(_folder["first.zip"]);
        using LoadedModel second = LoadedModel.Load(_folder["second.zip"]);
        AssertClose(first.Weights, second.Weights);
    }

    [TestMethod]
    [DataRow(false, null)]
    [DataRow(true, null)]
    [DataRow(true, "pt")]
    public void A_safetensors_file_may_have_the_axes_of_this_library_or_of_PyTorch(bool isOfPyTorch, string? format)
    {
        // Of the second layer's matrix, which is square, the file's other tensors or its metadata tell how it lies.
        Network network = NetworkNotation.Build(Layers, new Shape(16, 16, 3), 3);
        using Weights weights = Weights.Initialize(network, seed: 7);
        WriteWeights(_folder["w.safetensors"], weights, isOfPyTorch, format);
        Train("m.zip", "--weights", _folder["w.safetensors"], "--learning-rate", Hardly).Succeeded();
        using LoadedModel model = LoadedModel.Load(_folder["m.zip"]);
        AssertClose(weights, model.Weights);
    }

    [TestMethod]
    [DataRow("conv1,fc2")]
    [DataRow("c?nv1,*2")]
    public void What_the_file_has_not_begins_at_random_and_a_warning_names_what_is_frozen_of_it(string frozen)
    {
        // Another number of classes: the last layer is of another shape.
        Network network = NetworkNotation.Build(Layers, new Shape(16, 16, 3), 5);
        using Weights weights = Weights.Initialize(network, seed: 7);
        WriteWeights(_folder["w.safetensors"], weights, isOfPyTorch: false, format: null);
        ProgramRun run = Train("m.zip", "--weights", _folder["w.safetensors"], "--frozen-layers", frozen);
        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Output, $"4 of 6 parameters begin as in {_folder["w.safetensors"]}; at random begin fc2.weight, fc2.bias\n");
        Assert.AreEqual(
            "warning: --frozen-layers keep the weights that they begin with, and these are drawn at random for fc2: "
            + "the file of --weights has none of their names and shapes.\n",
            run.Error);
        using LoadedModel model = LoadedModel.Load(_folder["m.zip"]);
        CollectionAssert.AreEqual(weights["conv1.weight"].ToArray(), model.Weights["conv1.weight"].ToArray());
        using Weights anew = Weights.Initialize(model.Network, seed: 0);
        CollectionAssert.AreEqual(anew["fc2.weight"].ToArray(), model.Weights["fc2.weight"].ToArray());
    }

    [TestMethod]
    public void What_is_no_file_of_weights_for_this_network_is_said_before_the_training()
    {
        void Refused(string name, params string[] texts) =>
            Train("m.zip", "--weights", _folder[name]).FailedWithOneLine(["--weights names a", _folder[name], .. texts]);

        Refused("none.zip", "does not exist");
        Directory.CreateDirectory(_folder["folder"]);
        Refused("folder", "is a folder");
        File.WriteAllText(_folder["text.zip"], "PK, but no archive");
        Refused("text.zip");
        File.WriteAllText(_folder["text.safetensors"], "no tensors");
        Refused("text.safetensors");
        using Tensor tensor = new(new Shape(2, 3));
        WriteTensors(_folder["other.safetensors"], ("head.weight", tensor));
        Refused("other.safetensors", "conv1.weight of 3x3x3x4", "head.weight of 2x3");
        Assert.IsFalse(File.Exists(_folder["m.zip"]));
    }

    [TestMethod]
    public void Weights_that_are_no_numbers_are_named()
    {
        using Tensor tensor = new(new Shape(4), [0, 1, float.NaN, 2]);
        WriteTensors(_folder["w.safetensors"], ("conv1.bias", tensor));
        Train("m.zip", "--weights", _folder["w.safetensors"]).FailedWithOneLine(_folder["w.safetensors"], "conv1.bias holds NaN");
    }

    [TestMethod]
    public void The_help_says_what_the_option_takes()
    {
        string help = string.Join(' ', ConvNetProgram.Run("train", "--help").Succeeded().Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        StringAssert.Contains(help, "--weights <FILE>");
        StringAssert.Contains(help, "a model file, or a .safetensors file");
    }

    private static void AssertClose(Weights expected, Weights actual)
    {
        foreach (string name in expected.Names)
        {
            for (int i = 0; i < expected[name].Count; i++)
            {
                Assert.AreEqual(expected[name].Span[i], actual[name].Span[i], 1e-6f, $"{name}[{i}]");
            }
        }
    }

    private static void WriteWeights(string path, Weights weights, bool isOfPyTorch, string? format)
    {
        using MemoryStream stream = new();
        if (isOfPyTorch)
        {
            PyTorchWeights.Write(weights, stream);
        }
        else
        {
            SafeTensors.Write(weights, stream);
        }

        stream.Position = 0;
        using SafeTensorsContent content = SafeTensors.ReadTensors(stream);
        using FileStream file = File.Create(path);
        SafeTensors.WriteTensors(
            [.. content.Tensors], file, format is null ? null : new Dictionary<string, string> { ["format"] = format });
    }

    private static void WriteTensors(string path, params (string Name, Tensor Tensor)[] tensors)
    {
        using FileStream file = File.Create(path);
        SafeTensors.WriteTensors([.. tensors.Select(tensor => KeyValuePair.Create(tensor.Name, tensor.Tensor))], file);
    }

    private ProgramRun Train(string model, params string[] options) => ConvNetProgram.Run(
        [
            "train", "--data", TrainedModels.ColoursFolder, "--arch", Layers, "--epochs", "1", "--batch-size", "8", "--model", _folder[model],
            .. options,
        ]);
}
