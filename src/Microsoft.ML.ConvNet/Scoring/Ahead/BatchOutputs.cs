using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Tasks;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Scoring.Ahead;

/// <summary>
/// What a network gives for the rows of a cursor that reads ahead: the first row of a batch that is asked for brings the scores of all behind it. They have
/// the bits that each row alone would have.
/// </summary>
internal sealed class BatchOutputs : NetworkOutputs
{
    private readonly LookAheadCursor _cursor;
    private readonly ScoringModel _model;
    private readonly OutputFault _faultOf;
    private readonly Func<string, Exception> _badRow;
    private readonly float[] _values;
    private long _scored;
    private (long Batch, int Place) _sound;

    /// <summary>Prepares to score.</summary>
    /// <param name="context">Who is asked.</param>
    /// <param name="cursor">The rows.</param>
    /// <param name="source">The column of the images.</param>
    /// <param name="model">The network.</param>
    /// <param name="mostRows">The most rows of a batch.</param>
    /// <param name="faultOf">What is wrong with outputs.</param>
    public BatchOutputs(
        IExceptionContext context, LookAheadCursor cursor, PixelSource source, ScoringModel model, int mostRows, OutputFault faultOf)
    {
        _cursor = cursor;
        _model = model;
        _faultOf = faultOf;
        _badRow = message => context.BadRow(cursor, source.Column.Name, message);
        _values = new float[mostRows * model.OutputCount];
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Values
    {
        get
        {
            int place = _cursor.PresentPlace;
            _cursor.Pixels.RequireSound(place);
            int outputs = _model.OutputCount;
            if (_scored != _cursor.Number)
            {
                _cursor.Pixels.First = place;
                int count = _cursor.Count - place;
                _model.Score(_cursor.Pixels, count, _values.AsSpan(place * outputs, count * outputs));
                _scored = _cursor.Number;
            }

            ReadOnlySpan<float> values = _values.AsSpan(place * outputs, outputs);
            if (_sound != (_scored, place))
            {
                if (_faultOf(values) is { } fault)
                {
                    throw _badRow(fault);
                }

                _sound = (_scored, place);
            }

            return values;
        }
    }
}
