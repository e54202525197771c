using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Scoring;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Featurizing;

/// <summary>Computes the features of the row that a cursor stands on: once, however often it is asked. One thread uses it.</summary>
internal sealed class RowFeaturizer
{
    private readonly RowOutputs _features;

    public RowFeaturizer(IExceptionContext context, DataViewRow row, PixelSource source, ScoringModel model, int features) =>
        _features = new RowOutputs(context, row, source, model, features, FaultOf);

    /// <summary>The features of the present row.</summary>
    public void Get(ref VBuffer<float> features) => _features.Get(ref features);

    private static string? FaultOf(float[] features)
    {
        int number = Array.FindIndex(features, value => !float.IsFinite(value));
        return number < 0 ? null : FormattableString.Invariant(
            $"features are finite numbers. Received: {features[number]} as number {number}, as of pixels or weights too great for the network");
    }
}
