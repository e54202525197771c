using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Scoring;

/// <summary>A network bound to a schema: its columns, and behind them the scores and the predicted label.</summary>
internal sealed class ScoringBinding : NetworkBinding
{
    private readonly ConvNetModelParameters _parameters;

    public ScoringBinding(
        IExceptionContext context, ConvNetModelParameters parameters, ScoringModel model, ScoringColumns columns, DataViewSchema input)
        : this(context, parameters, model, columns, input, Bind(context, parameters, columns, input))
    {
    }

    private ScoringBinding(
        IExceptionContext context,
        ConvNetModelParameters parameters,
        ScoringModel model,
        ScoringColumns columns,
        DataViewSchema input,
        PixelSource source)
        : base(context, model, source, input, ScoredSchema.Append(input, parameters.Labels, columns.Score, columns.PredictedLabel))
    {
        _parameters = parameters;
    }

    /// <inheritdoc/>
    protected override string? FaultOf(ReadOnlySpan<float> outputs) => RowScorer.FaultOf(outputs);

    /// <inheritdoc/>
    protected override void AddGetters(NetworkOutputs outputs, ReadOnlySpan<bool> marks, Span<Delegate?> getters)
    {
        RowScorer scorer = new(outputs);
        getters[0] = marks[0] ? (ValueGetter<VBuffer<float>>)scorer.GetScores : null;
        getters[1] = marks[1] ? scorer.PredictedLabelGetter(_parameters.Labels.KeyType.RawType) : null;
    }

    private static PixelSource Bind(
        IExceptionContext context, ConvNetModelParameters parameters, ScoringColumns columns, DataViewSchema input)
    {
        DataViewSchema.Column feature = input.GetColumnOrNull(columns.Feature)
            ?? throw context.Missing("feature", columns.Feature, input.Select(column => column.Name));
        return PixelSource.Bind(context, feature, parameters.Network.InputShape, parameters.ImageLayout, parameters.ImageResizing) with
        {
            ChannelOrder = parameters.ChannelOrder,
            Background = parameters.ImageBackground,
        };
    }
}
