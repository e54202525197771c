using Microsoft.ML.ConvNet.Building;
using Microsoft.ML.ConvNet.Data.Augmentation;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tests.Rows;
using Microsoft.ML.ConvNet.Tests.Tasks;
using Microsoft.ML.ConvNet.Tests.Transfer;

namespace Microsoft.ML.ConvNet.Tests.Contract;

/// <summary>Every estimator of the pack is a citizen of ML.NET.</summary>
[TestClass]
public sealed class EstimatorContractTests
{
    private readonly MLContext _context = new(seed: 1);

    private IDataView NoBars => _context.Data.LoadFromEnumerable(new[] { new FileColumn { File = [1] } });

    private EstimatorContract Contract => new(_context);

    [TestMethod]
    public void Trainers_of_classes_keep_the_contract()
    {
        ConvNetMulticlassTrainer.Options options = BarModels.Options();
        (options.Seed, options.Epoch) = (1, 1);
        Contract.Check(_context.MulticlassClassification.Trainers.ConvNet(options), BarModels.Keyed(_context, BarImages.Create(20)), NoBars);
        Contract.Check(_context.MulticlassClassification.Trainers.ConvNet(options), _context.Data.LoadFromEnumerable(BarImages.Create(20)), NoBars);
        options.PredictedLabelAsText = true;
        Contract.Check(_context.MulticlassClassification.Trainers.ConvNet(options), BarModels.Keyed(_context, BarImages.Create(20)), NoBars);
        Contract.Check(
            _context.Transforms.ConvNet(new ConvNetEstimator.Options { NetworkBuilder = BarModels.Network, Epoch = 1, Seed = 1 }),
            BarModels.Keyed(_context, BarImages.Create(20)),
            NoBars);
    }

    [TestMethod]
    public void Trainers_of_other_tasks_keep_the_contract()
    {
        Contract.Check(
            _context.BinaryClassification.Trainers.ConvNet(new ConvNetBinaryTrainer.Options { NetworkBuilder = BarModels.Network, Epoch = 1, Seed = 1 }),
            _context.Data.LoadFromEnumerable(FlagRow.Create(20)),
            NoBars);
        ConvNetRegressionTrainer.Options regression = new() { Architecture = "conv3-4 relu fc", Epoch = 1, Seed = 1 };
        IDataView heights = _context.Data.LoadFromEnumerable(HeightRow.Create(20));
        Contract.Check(_context.Regression.Trainers.ConvNet(regression), heights, NoBars);
        regression.LabelColumnName = "Both";
        heights = _context.Transforms.Concatenate("Both", "Label", "Same").Fit(heights).Transform(heights);
        Contract.Check(_context.Regression.Trainers.ConvNet(regression), heights, NoBars);
        Contract.Check(
            _context.MulticlassClassification.Trainers.ConvNetMultiLabel(
                new ConvNetMultiLabelTrainer.Options { Architecture = "conv3-4 relu fc", Epoch = 1, Seed = 1 }),
            _context.Data.LoadFromEnumerable(LabelsRow.Create(20)),
            NoBars);
    }

    [TestMethod]
    public void Scoring_with_a_given_network_keeps_the_contract()
    {
        Network network = Network.Input(BarImages.Side, BarImages.Side, 1).Flatten().Dense(2).Softmax();
        using Weights weights = Weights.Initialize(network, seed: 1);
        IDataView rows = _context.Data.LoadFromEnumerable(BarImages.Create(20));
        foreach (ConvNetTask task in Enum.GetValues<ConvNetTask>())
        {
            Contract.Check(
                _context.Transforms.ConvNet(new ConvNetScoringEstimator.Options { Network = network, Weights = weights, Task = task }), rows, NoBars);
        }
    }

    [TestMethod]
    public void Fine_tuning_and_features_keep_the_contract()
    {
        using PretrainedModel model = Pictures.Model();
        IDataView pictures = _context.Data.LoadFromEnumerable(Pictures.Create(20).Select(picture => new BytesRow { Image = picture.File, Label = picture.Label }));
        IDataView none = _context.Data.LoadFromEnumerable(BarImages.Create(3));
        Contract.Check(
            _context.MulticlassClassification.Trainers.ConvNetFineTuning(new ConvNetFineTuningTrainer.Options
            {
                BaseModel = model,
                FeatureColumnName = "Image",
                Epoch = 2,
                FineTuningEpoch = 1,
                Seed = 1,
            }),
            pictures,
            none);
        Contract.Check(_context.Transforms.ConvNetFeaturizer("Features", "Image", model), pictures, none);
        Contract.Check(_context.Transforms.ConvNetFeaturizer("Maps", "Image", model, "stem"), pictures, none);
    }

    [TestMethod]
    public void Augmentation_keeps_the_contract()
    {
        IDataView images = Pictures.Load(_context, Pictures.Create(6));
        Contract.Check(
            _context.Transforms.AugmentImages("Augmented", "Image", new ImageAugmentation { RotationRange = 20, HorizontalFlip = true }, seed: 3),
            _context.Transforms.SelectColumns("Image", "Label").Fit(images).Transform(images),
            NoBars);
    }

    [TestMethod]
    public void Single_layers_keep_the_contract()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(BarImages.Create(20));
        Contract.Check(_context.Transforms.Convolution("Edges", "Features", new float[,] { { 1, -1 } }), rows, NoBars);
        Contract.Check(
            _context.Transforms.Convolution(new ConvolutionOptions
            {
                OutputColumnName = "Maps",
                InputColumnName = "Features",
                FilterCount = 2,
                Learning = new ConvNetMulticlassTrainer.Options { Epoch = 1, Seed = 1 },
            }),
            rows,
            NoBars);
        Contract.Check(_context.Transforms.Pooling("Small", "Features"), rows, NoBars);
        Contract.Check(_context.Transforms.Pooling(new PoolingOptions { OutputColumnName = "Greatest", InputColumnName = "Features", IsGlobal = true }), rows, NoBars);
        Contract.Check(_context.Transforms.Dense("Sums", "Features", new float[64, 2]), rows, NoBars);
    }

#pragma warning disable CA1812 // Instances are made by ML.NET.
    private sealed class BytesRow
    {
        public byte[] Image { get; set; } = [];

        public string Label { get; set; } = string.Empty;
    }
#pragma warning restore CA1812
}
