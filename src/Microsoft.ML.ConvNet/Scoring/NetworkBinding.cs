using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Scoring.Ahead;
using Microsoft.ML.ConvNet.Tasks;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Scoring;

/// <summary>A network bound to a schema: the column of its images, and behind the columns what is made of its outputs.</summary>
/// <param name="context">Who reads.</param>
/// <param name="model">The network.</param>
/// <param name="source">The column of the images.</param>
/// <param name="input">The schema.</param>
/// <param name="output">The schema with the columns that are added.</param>
internal abstract class NetworkBinding(
    IExceptionContext context, ScoringModel model, PixelSource source, DataViewSchema input, DataViewSchema output)
    : RowBinding(context, source.Column, input, output)
{
    private readonly int _mostRows = LookAheadCursor.MostRowsOf(((long)source.Shape.ElementCount + model.OutputCount) * sizeof(float));

    /// <inheritdoc/>
    public override DataViewRowCursor CreateCursor(DataViewRowCursor input, bool[] active)
    {
        if (!IsAdding(active))
        {
            return base.CreateCursor(input, active);
        }

        // The column of the images is read for the network, and kept only where it is asked for by itself.
        DataViewSchema.Column[] asked = [.. InputSchema.Where(column => active[column.Index])];
        if (!asked.All(column => KeptColumn.CanKeep(column.Type)))
        {
            return base.CreateCursor(input, active);
        }

        IEnumerable<DataViewSchema.Column> texts =
            CursorInputsOf(active).Where(column => column.Index != source.Column.Index).ExceptBy(asked.Select(column => column.Index), column => column.Index);
        return base.CreateCursor(
            new LookAheadCursor(input, OfInput(asked), OfInput(texts), _mostRows, CreatePixels), active);

        IEnumerable<DataViewSchema.Column> OfInput(IEnumerable<DataViewSchema.Column> columns) => columns.Select(column => input.Schema[column.Index]);
    }

    /// <inheritdoc/>
    protected sealed override void AddGetters(DataViewRow row, ReadOnlySpan<bool> marks, Span<Delegate?> getters) => AddGetters(
        row is LookAheadCursor ahead
            ? new BatchOutputs(Context, ahead, source, model, _mostRows, FaultOf)
            : new RowOutputs(Context, row, source, model, FaultOf),
        marks,
        getters);

    /// <summary>What is wrong with outputs, without a full stop; null for nothing.</summary>
    protected abstract string? FaultOf(ReadOnlySpan<float> outputs);

    /// <summary>Makes the getters of columns that are added.</summary>
    /// <param name="outputs">What the network gives for the present row.</param>
    /// <param name="marks">Which of them are asked for: at least one.</param>
    /// <param name="getters">Receives them.</param>
    protected abstract void AddGetters(NetworkOutputs outputs, ReadOnlySpan<bool> marks, Span<Delegate?> getters);

    private PixelBatch CreatePixels(DataViewRow row, int rows) =>
        new(PixelReader.Create(Context, row, source), model.Normalization, source.Shape.ElementCount, rows);
}
