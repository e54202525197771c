using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Tests.Rows;

/// <summary>Small networks for bar images, and what trains them in a moment.</summary>
internal static class BarModels
{
    public static Func<SymbolicTensor, int, SymbolicTensor> Network { get; } =
        (input, classes) => input.Conv(6, 3).Relu().MaxPool(2).Flatten().Dense(classes).Softmax();

    public static ConvNetMulticlassTrainer.Options Options() => new()
    {
        NetworkBuilder = Network,
        Epoch = 6,
        BatchSize = 16,
        LearningRate = 0.01f,
    };

    public static IDataView Keyed(MLContext context, IEnumerable<BarRow> rows)
    {
        IDataView data = context.Data.LoadFromEnumerable(rows);
        return context.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    /// <summary>Trains on 90 images.</summary>
    public static ConvNetTransformer Train(MLContext context, Action<ConvNetMulticlassTrainer.Options>? set = null)
    {
        ConvNetMulticlassTrainer.Options options = Options();
        set?.Invoke(options);
        return context.MulticlassClassification.Trainers.ConvNet(options).Fit(Keyed(context, BarImages.Create(90)));
    }

    /// <summary>The scores of all rows, one behind the other, as bits.</summary>
    public static uint[] ScoreBits(IDataView scored, string column = "Score") =>
        [.. scored.GetColumn<float[]>(column).SelectMany(scores => scores).Select(BitConverter.SingleToUInt32Bits)];

    /// <summary>The weights of all layers, as bits.</summary>
    public static uint[] WeightBits(ConvNetTransformer model) =>
        [.. model.Weights.Names.SelectMany(name => model.Weights[name].Span.ToArray()).Select(BitConverter.SingleToUInt32Bits)];
}
