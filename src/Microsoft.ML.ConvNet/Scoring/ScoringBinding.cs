using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.ConvNet.Tasks;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Scoring;

/// <summary>A network bound to a schema: its columns, and behind them those of its predictions.</summary>
internal sealed class ScoringBinding : NetworkBinding
{
    private readonly PredictionTask _task;

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
        : base(context, model, source, input, parameters.Prediction.Append(input, columns))
    {
        _task = parameters.Prediction;
    }

    /// <inheritdoc/>
    protected override string? FaultOf(ReadOnlySpan<float> outputs) => _task.FaultOf(outputs);

    /// <inheritdoc/>
    protected override void AddGetters(NetworkOutputs outputs, ReadOnlySpan<bool> marks, Span<Delegate?> getters) =>
        _task.AddGetters(outputs, marks, getters);

    private static PixelSource Bind(
        IExceptionContext context, ConvNetModelParameters parameters, ScoringColumns columns, DataViewSchema input)
    {
        DataViewSchema.Column feature = input.GetColumnOrNull(columns.Feature)
            ?? throw context.Missing("feature", columns.Feature, input.Select(column => column.Name));
        return PixelSource.Bind(context, feature, parameters.Network.InputShape, parameters.ImageLayout, parameters.ImageResizing) with
        {
            ChannelOrder = parameters.ChannelOrder,
            Background = parameters.ImageBackground,
            Orientation = parameters.ImageOrientation,
        };
    }
}
