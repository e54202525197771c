using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Losses;

namespace Microsoft.ML.ConvNet.Tasks;

/// <summary>Classes that exclude one another: networks end in a softmax, and each image is one of a class.</summary>
/// <param name="labels">The classes.</param>
internal abstract class ClassificationTask(ClassLabels labels) : PredictionTask
{
    /// <summary>The classes.</summary>
    public ClassLabels Labels { get; } = labels;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Names => Labels.Names;

    /// <inheritdoc/>
    public override bool EndsInSoftmax => true;

    /// <inheritdoc/>
    public override Network End(Network network, ConvNetTrainingOptions options)
    {
        ConvNetClassificationOptions ofClasses = (ConvNetClassificationOptions)options;
        return NetworkEnd.ToProbabilities(network, new Softmax(), options.InitialWeights, ofClasses.Outputs ?? ofClasses.Loss?.Outputs);
    }

    /// <inheritdoc/>
    public override Loss LossOf(ConvNetTrainingOptions options)
    {
        ConvNetClassificationOptions ofClasses = (ConvNetClassificationOptions)options;
        ClassLoss loss = ofClasses.Loss ?? new SoftmaxCrossEntropy(ofClasses.LabelSmoothing);
        return loss with { Outputs = ofClasses.Outputs ?? loss.Outputs };
    }

    /// <inheritdoc/>
    public override void Check(ConvNetTrainingOptions options) => ((ConvNetClassificationOptions)options).ClassWeights?.Check(Labels);

    /// <inheritdoc/>
    public override TrainingOptions Weighted(ConvNetTrainingOptions options, TrainingOptions training, ImageDataset samples) =>
        ClassWeighting.Apply(((ConvNetClassificationOptions)options).ClassWeights, training, Labels, samples);

    /// <inheritdoc/>
    public override CachedDataset CreateDataset(Shape shape, long budget) => new(shape, Labels.Count, budget);
}
