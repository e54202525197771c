using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Scoring;
using Microsoft.ML.ConvNet.Tasks;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Featurizing;

/// <summary>A featurizer bound to a schema: its columns, and behind them the features.</summary>
internal sealed class FeaturizingBinding : NetworkBinding
{
    public FeaturizingBinding(IExceptionContext context, FeaturizerModel featurizer, ScoringModel model, DataViewSchema input)
        : this(context, featurizer, model, input, Bind(context, featurizer, input))
    {
    }

    private FeaturizingBinding(
        IExceptionContext context, FeaturizerModel featurizer, ScoringModel model, DataViewSchema input, PixelSource source)
        : base(context, model, source, input, Append(input, featurizer))
    {
    }

    /// <inheritdoc/>
    protected override string? FaultOf(ReadOnlySpan<float> outputs)
    {
        for (int number = 0; number < outputs.Length; number++)
        {
            if (!float.IsFinite(outputs[number]))
            {
                return FormattableString.Invariant(
                    $"features are finite numbers. Received: {outputs[number]} as number {number}, as of pixels or weights too great for the network");
            }
        }

        return null;
    }

    /// <inheritdoc/>
    protected override void AddGetters(NetworkOutputs outputs, ReadOnlySpan<bool> marks, Span<Delegate?> getters) =>
        getters[0] = (ValueGetter<VBuffer<float>>)outputs.Get;

    private static PixelSource Bind(IExceptionContext context, FeaturizerModel featurizer, DataViewSchema input)
    {
        DataViewSchema.Column column = input.GetColumnOrNull(featurizer.InputColumn)
            ?? throw context.Missing("input", featurizer.InputColumn, input.Select(present => present.Name));
        return PixelSource.Bind(context, column, featurizer.Network.InputShape, featurizer.Layout, featurizer.Resizing) with
        {
            ChannelOrder = featurizer.ChannelOrder,
            Background = featurizer.Background,
            Orientation = featurizer.Orientation,
        };
    }

    private static DataViewSchema Append(DataViewSchema input, FeaturizerModel featurizer)
    {
        DataViewSchema.Builder builder = new();
        builder.AddColumns(input);
        builder.AddColumn(
            featurizer.OutputColumn,
            featurizer.OutputType,
            featurizer.Network.OutputShape.IsImage ? ChannelsLastAnnotation.Create() : DataViewSchema.Annotations.Empty);
        return builder.ToSchema();
    }
}
