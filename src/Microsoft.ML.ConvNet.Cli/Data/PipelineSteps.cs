using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.ConvNet.Cli.Data;

/// <summary>The steps of a fitted pipeline.</summary>
internal static class PipelineSteps
{
    /// <summary>All steps, those of pipelines within it included, in order.</summary>
    public static IEnumerable<ITransformer> Of(ITransformer model) =>
        model is IEnumerable<ITransformer> steps ? steps.SelectMany(Of) : [model];

    /// <summary>A pipeline without the step that makes the images of files, for rows that have them already.</summary>
    /// <param name="model">The pipeline.</param>
    /// <param name="schema">The columns that it reads.</param>
    public static ITransformer WithoutReading(ITransformer model, DataViewSchema schema) =>
        new TransformerChain<ITransformer>([.. Of(model).Where(step => !IsReading(step, schema))]);

    private static bool IsReading(ITransformer step, DataViewSchema schema) =>
        step is ImageLoadingTransformer && step.GetOutputSchema(schema).GetColumnOrNull(ColumnNames.Image)?.Type is ImageDataViewType;
}
