using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Storage;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Tests.Transfer;

/// <summary>Trained networks that are loaded to begin with.</summary>
[TestClass]
public sealed class PretrainedModelTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_saved_model_is_loaded_with_its_normalisation()
    {
        using TestFolder folder = new();
        using ConvNetTransformer trained = BarModels.Train(_context);
        string zip = Path.Combine(folder.Path, "network.zip");
        string model = Path.Combine(folder.Path, "model.zip");
        trained.SaveNetwork(zip);
        _context.Model.Save(trained, null, model);
        foreach (string path in (string[])[zip, model])
        {
            using PretrainedModel loaded = PretrainedModel.Load(path);
            Assert.AreEqual(trained.Network, loaded.Network);
            CollectionAssert.AreEqual(trained.Model.PixelOffsets.ToArray(), loaded.Normalization.Offsets.ToArray());
            CollectionAssert.AreEqual(trained.Weights["fc1.bias"].ToArray(), loaded.Weights["fc1.bias"].ToArray());
            Assert.AreEqual("flatten1", loaded.FeatureLayer);
        }
    }

    [TestMethod]
    [DataRow(1 / 255f, 0f)]
    [DataRow(2 / 255f, -1f)]
    [DataRow(257f, 0f)]
    [DataRow(1f, -128f)]
    [DataRow(16 / 255f, 0f)]
    public void A_model_of_vectors_of_floats_that_plainly_were_no_pixels_is_refused_with_what_to_do(float factor, float offset)
    {
        using TestFolder folder = new();
        BarRow[] rows = BarImages.Create(90);
        foreach (BarRow row in rows)
        {
            row.Features = [.. row.Features!.Select(value => (value * factor) + offset)];
        }

        using ConvNetTransformer trained = _context.MulticlassClassification.Trainers.ConvNet(BarModels.Options()).Fit(BarModels.Keyed(_context, rows));
        string zip = Path.Combine(folder.Path, "network.zip");
        string model = Path.Combine(folder.Path, "model.zip");
        trained.SaveNetwork(zip);
        _context.Model.Save(trained, null, model);
        foreach (string path in (string[])[zip, model])
        {
            ErrorText.Is<ModelFormatException>(
                () => PretrainedModel.Load(path),
                "takes pixels from 0 to 255",
                path,
                "trained on vectors of floats about ",
                "new PretrainedModel(network, weights, normalization, order, name)");
        }
    }

    [TestMethod]
    public void A_model_of_scaled_floats_takes_pixels_by_the_normalisation_that_its_refusal_names()
    {
        using TestFolder folder = new();
        string path = Path.Combine(folder.Path, "network.zip");
        BarRow[] rows = BarImages.Create(90);
        float[][] pixels = [.. rows.Select(row => row.Features!)];
        foreach (BarRow row in rows)
        {
            row.Features = [.. row.Features!.Select(value => value / 255)];
        }

        using ConvNetTransformer trained = _context.MulticlassClassification.Trainers.ConvNet(BarModels.Options()).Fit(BarModels.Keyed(_context, rows));
        trained.SaveNetwork(path);
        NetworkFile file = NetworkFile.Load(path);
        PixelNormalization given = new(file.Normalization.Offsets.Select(offset => offset * 255), file.Normalization.Scales.Select(scale => scale / 255));
        using PretrainedModel loaded = new(file.Network, file.Weights, given, ChannelOrder.Rgb, "bars");
        float[] scaled = rows[7].Features!;
        file.Normalization.Apply(scaled);
        loaded.Normalization.Apply(pixels[7]);
        for (int i = 0; i < scaled.Length; i++)
        {
            Assert.AreEqual(scaled[i], pixels[7][i], 1e-5f);
        }
    }

    [TestMethod]
    [DataRow("squeezenet", 255 * 0.485f)]
    [DataRow("resnet18", 255 * 0.485f)]
    [DataRow("googlenet", 127.5f)]
    public void Weights_of_torchvisions_names_are_loaded_with_its_normalisation_and_as_many_classes(string name, float offset)
    {
        using TestFolder folder = new();
        string path = Path.Combine(folder.Path, "weights.safetensors");
        Network network = Architecture.Get(name).Create(null, classes: 3);
        using (Weights weights = Weights.Initialize(network, 1))
        using (FileStream file = File.Create(path))
        {
            PyTorchWeights.Write(weights, file);
        }

        using PretrainedModel loaded = PretrainedModel.LoadSafeTensors(path, name);
        Assert.AreEqual(network, loaded.Network);
        Assert.AreEqual(offset, loaded.Normalization.Offsets[0]);
        Assert.AreEqual(ChannelOrder.Rgb, loaded.ChannelOrder);
        using Weights expected = Weights.Initialize(network, 1);
        string last = network.Parameters[^2].Name;
        CollectionAssert.AreEqual(expected[last].ToArray(), loaded.Weights[last].ToArray());
    }

    [TestMethod]
    [Timeout(20_000)]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    public void Published_weights_are_not_read_from_a_pipe()
    {
        using TestFolder folder = new();
        string pipe = Path.Combine(folder.Path, "pipe.safetensors");
        using (System.Diagnostics.Process maker = System.Diagnostics.Process.Start("mkfifo", [pipe]))
        {
            maker.WaitForExit();
        }

        ErrorText.Is<ModelFormatException>(
            () => PretrainedModel.LoadSafeTensors(pipe, "resnet18"), "A file of weights is a regular file", pipe, "which is a named pipe");
        Assert.ThrowsExactly<FileNotFoundException>(() => PretrainedModel.LoadSafeTensors(pipe + ".none", "resnet18"));
    }

    [TestMethod]
    public void Weights_of_another_network_are_refused()
    {
        using TestFolder folder = new();
        string path = Path.Combine(folder.Path, "weights.safetensors");
        using (Weights weights = Weights.Initialize(Architecture.Get("squeezenet").Create(null, classes: 3), 1))
        using (FileStream file = File.Create(path))
        {
            PyTorchWeights.Write(weights, file);
        }

        ErrorText.Is<ModelFormatException>(() => PretrainedModel.LoadSafeTensors(path, "resnet18"), "a tensor \"fc.weight\"", "no tensor of this name");
        ErrorText.Is<ArgumentException>(() => PretrainedModel.LoadSafeTensors(path, "resnet19"), "There is no architecture \"resnet19\"");
        Assert.ThrowsExactly<FileNotFoundException>(() => PretrainedModel.Load(Path.Combine(folder.Path, "none.zip")));
    }

    [TestMethod]
    public void A_network_that_takes_no_images_and_a_normalisation_of_other_channels_are_refused()
    {
        Network vectors = Network.Input([5]).Dense(3);
        using Weights weights = Weights.Initialize(vectors, 1);
        PixelNormalization two = new([1, 2], [1, 2]);
        ErrorText.Is<ArgumentException>(() => Of(vectors, weights, two), "takes images [height, width, 1]");
        using Weights others = Weights.Initialize(Pictures.Network, 1);
        ErrorText.Is<ArgumentException>(() => Of(Pictures.Network, others, two), "Received: 2");
        ErrorText.Is<ArgumentException>(() => Of(Pictures.Network, weights, two), "The weights are those of");
        ErrorText.Is<ArgumentException>(() => Of(Pictures.Network, others, new([0], [1]), "x"), "\"x\"");
    }

    private static PretrainedModel Of(Network network, Weights weights, PixelNormalization normalization, string? layer = null) => layer is null
        ? new PretrainedModel(network, weights, normalization, ChannelOrder.Rgb, "model")
        : new PretrainedModel(network, weights, normalization, ChannelOrder.Rgb, "model") { FeatureLayer = layer };
}
