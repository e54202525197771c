using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Schema;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Scoring;

/// <summary>A transformer bound to a schema: its columns, and behind them the scores and the predicted label.</summary>
internal sealed class ScoringBinding
{
    private readonly IExceptionContext _context;
    private readonly ConvNetModelParameters _parameters;
    private readonly ScoringModel _model;
    private readonly PixelSource _source;

    public ScoringBinding(
        IExceptionContext context, ConvNetModelParameters parameters, ScoringModel model, ScoringColumns columns, DataViewSchema input)
    {
        _context = context;
        _parameters = parameters;
        _model = model;
        DataViewSchema.Column feature = input.GetColumnOrNull(columns.Feature)
            ?? throw context.Missing("feature", columns.Feature, input.Select(column => column.Name));
        _source = PixelSource.Bind(context, feature, parameters.Network.InputShape, parameters.ImageLayout) with
        {
            ChannelOrder = parameters.ChannelOrder,
            Background = parameters.ImageBackground,
        };
        InputSchema = input;
        OutputSchema = ScoredSchema.Append(input, parameters.Labels, columns.Score, columns.PredictedLabel);
    }

    /// <summary>The schema that is bound to.</summary>
    public DataViewSchema InputSchema { get; }

    /// <summary>The schema with the two columns added.</summary>
    public DataViewSchema OutputSchema { get; }

    private int ScoreIndex => InputSchema.Count;

    private int PredictedLabelIndex => InputSchema.Count + 1;

    /// <summary>Marks columns of the output schema.</summary>
    public bool[] Mark(IEnumerable<DataViewSchema.Column> columns)
    {
        bool[] marks = new bool[OutputSchema.Count];
        foreach (DataViewSchema.Column column in columns)
        {
            RequireColumn(column);
            marks[column.Index] = true;
        }

        return marks;
    }

    /// <summary>The columns of the input schema that the marked columns need.</summary>
    public IEnumerable<DataViewSchema.Column> InputsOf(bool[] marks) =>
        InputSchema.Where(column => marks[column.Index] || (IsScoring(marks) && column.Index == _source.Column.Index));

    /// <summary>The columns that a cursor is asked for: those of the input schema that the marked columns need, and texts that name bad rows.</summary>
    public IEnumerable<DataViewSchema.Column> CursorInputsOf(bool[] marks) =>
        IsScoring(marks) ? RowTexts.With(InputSchema, _source.Column, InputsOf(marks)) : InputsOf(marks);

    /// <summary>The getters of the marked columns among the two that are added; null for the others.</summary>
    /// <param name="row">The row.</param>
    /// <param name="marks">The marked columns.</param>
    public Delegate?[] CreateGetters(DataViewRow row, bool[] marks)
    {
        Delegate?[] getters = new Delegate?[2];
        if (IsScoring(marks))
        {
            RowScorer scorer = new(_context, row, _source, _model, _parameters.Labels.Count);
            getters[0] = marks[ScoreIndex] ? (ValueGetter<VBuffer<float>>)scorer.GetScores : null;
            getters[1] = marks[PredictedLabelIndex] ? scorer.PredictedLabelGetter(_parameters.Labels.KeyType.RawType) : null;
        }

        return getters;
    }

    /// <summary>The getter of a column of a row to which the two are added.</summary>
    public ValueGetter<TValue> GetGetter<TValue>(DataViewRow row, Delegate?[] added, DataViewSchema.Column column)
    {
        RequireColumn(column);
        if (column.Index < InputSchema.Count)
        {
            return row.GetGetter<TValue>(row.Schema[column.Index]);
        }

        Delegate getter = added[column.Index - InputSchema.Count]
            ?? throw _context.Process(new InvalidOperationException($"The column \"{column.Name}\" is not active in this row."));
        return getter as ValueGetter<TValue>
            ?? throw _context.Process(new InvalidOperationException(
                $"The column \"{column.Name}\" has values of {column.Type.RawType}. Received: a request for {typeof(TValue)}."));
    }

    /// <summary>Throws where a column is not one of the output schema.</summary>
    public void RequireColumn(DataViewSchema.Column column)
    {
        if (column.Index >= OutputSchema.Count)
        {
            throw _context.Process(new ArgumentOutOfRangeException(
                nameof(column), $"The column \"{column.Name}\" is not one of this row, which has {OutputSchema.Count}."));
        }
    }

    private bool IsScoring(bool[] marks) => marks[ScoreIndex] || marks[PredictedLabelIndex];
}
