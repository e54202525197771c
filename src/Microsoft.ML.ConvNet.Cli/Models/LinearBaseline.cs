using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.ConvNet.Cli.Models;

/// <summary>
/// ML.NET's own linear classifier (maximum entropy, trained by L-BFGS) on the same pixels: what a network must be better than.
/// </summary>
internal static class LinearBaseline
{
    /// <summary>The iterations after which its training ends; its accuracy hardly moves after them.</summary>
    public const int Iterations = 60;

    /// <summary>Trains it.</summary>
    /// <param name="context">The context.</param>
    /// <param name="training">The images to train with.</param>
    /// <param name="input">The shape to which image files are brought.</param>
    public static ITransformer Train(MLContext context, LabelledImages training, Shape input)
    {
        training = training.OnWhite();
        (string column, IEstimator<ITransformer>? steps) = training.FlatFeatures(context);
        IEstimator<ITransformer> pipeline = training.Preparation(context, input);
        if (steps != null)
        {
            pipeline = pipeline.Append(steps);
        }

        return pipeline
            .Append(context.MulticlassClassification.Trainers.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options
            {
                LabelColumnName = ColumnNames.Label,
                FeatureColumnName = column,
                MaximumNumberOfIterations = Iterations,
            }))
            .Fit(training.ToDataView(context));
    }
}
