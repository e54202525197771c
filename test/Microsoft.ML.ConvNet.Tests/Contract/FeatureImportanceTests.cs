using System.Collections.Immutable;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Contract;

/// <summary>PermutationFeatureImportance of ML.NET finds the network at the end of a pipeline, and which pixels it goes by.</summary>
[TestClass]
public sealed class FeatureImportanceTests
{
    private const int Pixels = 9;

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void The_pixel_that_tells_the_class_is_the_one_that_counts()
    {
        IDataView rows = Rows();
        TransformerChain<ConvNetTransformer> model = new EstimatorChain<ITransformer>()
            .Append(_context.MulticlassClassification.Trainers.ConvNet("Class", "Features", (input, classes) => input.Flatten().Dense(classes).Softmax(), epoch: 20, learningRate: 0.05f))
            .Fit(rows);
        ImmutableDictionary<string, MulticlassClassificationMetricsStatistics> importance =
            _context.MulticlassClassification.PermutationFeatureImportance((ITransformer)model, model.Transform(rows), "Class", permutationCount: 2);
        Assert.HasCount(Pixels, importance);
        Assert.AreEqual("Pixel5", importance.MinBy(pair => pair.Value.MicroAccuracy.Mean).Key);
        Assert.IsLessThan(-0.2, importance["Pixel5"].MicroAccuracy.Mean);
    }

    [TestMethod]
    public void It_is_found_for_numbers_and_flags_too()
    {
        IDataView rows = Rows();
        ConvNetTransformer number = _context.Regression.Trainers.ConvNet(
            "Number", "Features", (input, outputs) => input.Flatten().Dense(outputs), epoch: 20, learningRate: 0.05f).Fit(rows);
        ImmutableDictionary<string, RegressionMetricsStatistics> importance =
            _context.Regression.PermutationFeatureImportance((ITransformer)number, number.Transform(rows), "Number");
        Assert.AreEqual("Pixel5", importance.MinBy(pair => pair.Value.RSquared.Mean).Key);
        ConvNetTransformer flag = _context.BinaryClassification.Trainers.ConvNet(
            "Flag", "Features", (input, outputs) => input.Flatten().Dense(outputs).Softmax(), epoch: 20, learningRate: 0.05f).Fit(rows);
        ImmutableArray<BinaryClassificationMetricsStatistics> importances =
            _context.BinaryClassification.PermutationFeatureImportance(flag, flag.Transform(rows), "Flag");
        Assert.AreEqual(5, importances.IndexOf(importances.MinBy(metrics => metrics.Accuracy.Mean)!));
    }

    // Noise, but for one pixel; the names of the pixels are those that PermutationFeatureImportance tells.
    private IDataView Rows()
    {
        Random random = new(1);
        IDataView rows = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 200).Select(i => new PixelsRow
        {
            Values = [.. Enumerable.Range(0, Pixels).Select(pixel => (float)random.NextDouble() + (pixel == 5 && i % 2 == 1 ? 2 : 0))],
            Flag = i % 2 == 1,
            Number = i % 2,
            Class = i % 2 == 1 ? "bright" : "dark",
        }).ToArray());
        for (int pixel = 0; pixel < Pixels; pixel++)
        {
            int number = pixel;
            rows = _context.Transforms.CustomMapping<PixelsRow, OnePixel>((from, to) => to.Pixel = from.Values[number], contractName: null).Fit(rows).Transform(rows);
            rows = _context.Transforms.CopyColumns(FormattableString.Invariant($"Pixel{pixel}"), "Pixel").Fit(rows).Transform(rows);
        }

        string[] names = [.. Enumerable.Range(0, Pixels).Select(pixel => FormattableString.Invariant($"Pixel{pixel}"))];
        rows = _context.Transforms.Concatenate("Features", names).Fit(rows).Transform(rows);
        return _context.Data.Cache(_context.Transforms.Conversion.MapValueToKey("Class").Fit(rows).Transform(rows));
    }

#pragma warning disable CA1812 // Instances are made by ML.NET.
    private sealed class PixelsRow
    {
        [VectorType(Pixels)]
        public float[] Values { get; set; } = [];

        public bool Flag { get; set; }

        public float Number { get; set; }

        public string Class { get; set; } = string.Empty;
    }

    private sealed class OnePixel
    {
        public float Pixel { get; set; }
    }
#pragma warning restore CA1812
}
