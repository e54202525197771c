using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Scoring;

/// <summary>A digit, as a row that a program has.</summary>
internal sealed class DigitRow
{
    /// <summary>Its pixels, 0 to 255.</summary>
    [VectorType(28, 28, 1)]
    public float[] Pixels { get; set; } = [];

    /// <summary>Its class, from 0.</summary>
    [KeyType(10)]
    public uint Label { get; set; }
}

/// <summary>What is predicted of it.</summary>
internal sealed class ScoredDigit
{
    /// <summary>A probability a class.</summary>
    public float[] Score { get; set; } = [];
}

/// <summary>A digit with its probabilities, as a row whose scoring costs nothing.</summary>
internal sealed class ReadyDigit
{
    /// <summary>A probability a class.</summary>
    [VectorType(10)]
    public float[] Score { get; set; } = [];

    /// <summary>The most probable class.</summary>
    [KeyType(10)]
    public uint PredictedLabel { get; set; }

    /// <summary>The class, from 0.</summary>
    [KeyType(10)]
    public uint Label { get; set; }
}

/// <summary>Digits of MNIST in the forms in which they are scored.</summary>
/// <param name="Rows">As rows.</param>
/// <param name="Normalized">As a network takes them, one behind the other.</param>
internal sealed record Digits(DigitRow[] Rows, float[] Normalized)
{
    /// <summary>What is subtracted from a pixel.</summary>
    public const float Offset = 33.318f;

    /// <summary>What the difference is multiplied by.</summary>
    public const float Scale = 1 / 78.567f;

    /// <summary>Reads digits.</summary>
    /// <param name="context">ML.NET.</param>
    /// <param name="folder">A folder of MNIST's files.</param>
    /// <param name="count">How many.</param>
    public static Digits Read(MLContext context, string folder, int count)
    {
        IDataView data = context.Data.TakeRows(context.Data.LoadFromIdx(folder), count);
        byte[][] pixels = [.. data.GetColumn<byte[]>("Image")];
        uint[] labels = [.. data.GetColumn<uint>("Label")];
        DigitRow[] rows = [.. pixels.Select((digit, i) => new DigitRow { Pixels = [.. digit.Select(pixel => (float)pixel)], Label = labels[i] - 1 })];
        return new Digits(rows, [.. rows.SelectMany(row => row.Pixels).Select(pixel => (pixel - Offset) * Scale)]);
    }

    /// <summary>The estimator that scores them by a network.</summary>
    public static ConvNetScoringEstimator Estimator(MLContext context, Network network, Weights weights) =>
        context.Transforms.ConvNet(new ConvNetScoringEstimator.Options
        {
            InputColumnName = nameof(DigitRow.Pixels),
            Network = network,
            Weights = weights,
            PixelOffsets = [Offset],
            PixelScales = [Scale],
        });
}
