using Microsoft.ML.ConvNet.Cli.Data;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.ConvNet.Cli.Models;

/// <summary>A pipeline around a trainer, fitted so that what was learnt is there whatever ends the training.</summary>
internal static class PipelineFit
{
    /// <summary>Fits the steps before a trainer, the trainer, and the step that gives the predicted class its name.</summary>
    /// <param name="context">The context.</param>
    /// <param name="preparation">The steps before.</param>
    /// <param name="trainer">The trainer.</param>
    /// <param name="rows">The rows to train with.</param>
    /// <returns>The pipeline; where the training ended by an error behind its first step, the best until then, with the error.</returns>
    public static (ITransformer Model, Exception? Failure) Run(
        MLContext context, IEstimator<ITransformer> preparation, IEstimator<ConvNetTransformer> trainer, IDataView rows)
    {
        KeyToValueMappingEstimator names = context.Transforms.Conversion.MapKeyToValue(ColumnNames.PredictedClass, ColumnNames.PredictedLabel);
        ConvNetTransformer? left = null;
        try
        {
            return (preparation.Append(trainer).Append(names).Fit(rows), null);
        }
        catch (Exception error) when ((left = ConvNetTransformer.FromFailure(error)) != null)
        {
            ITransformer prepared = preparation.Fit(rows);
            return (
                new TransformerChain<ITransformer>([.. PipelineSteps.Of(prepared), left, names.Fit(left.Transform(prepared.Transform(rows)))]),
                error);
        }
    }
}
