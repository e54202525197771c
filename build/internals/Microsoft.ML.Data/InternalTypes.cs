// The signature of an internal type of Microsoft.ML.Data, as far as the pack implements it; unchanged in ML.NET 1.0 to 6.0. The real one has the
// interfaces of a transformer before it.
namespace Microsoft.ML;

/// <summary>A transformer that predicts from one column, for who does not ask what its model is.</summary>
public interface ISingleFeaturePredictionTransformer
{
    /// <summary>The column.</summary>
    string FeatureColumnName { get; }
}
