#nullable disable

using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>What a <see cref="MulticlassPredictionTransformer{TModel}"/> asks of its model.</summary>
internal interface IMulticlassModel
{
    int NumberOfClasses { get; }

    /// <summary>Fills in the probability of each class; it may be called from several threads at once.</summary>
    void Predict(in VBuffer<float> features, Span<float> probabilities);

    void Save(BinaryWriter writer);
}
