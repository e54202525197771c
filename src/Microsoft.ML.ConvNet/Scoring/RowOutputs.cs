using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Tasks;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Scoring;

/// <summary>What a network gives for one row at a time, as a PredictionEngine asks for it.</summary>
internal sealed class RowOutputs : NetworkOutputs, IInputSamples
{
    private readonly DataViewRow _row;
    private readonly PixelReader _reader;
    private readonly ScoringModel _model;
    private readonly OutputFault _faultOf;
    private readonly Func<string, Exception> _badRow;
    private readonly float[] _values;
    private long? _position;

    /// <summary>Prepares to read a row's pixels.</summary>
    /// <param name="context">Who is asked.</param>
    /// <param name="row">The row.</param>
    /// <param name="source">The column of the images.</param>
    /// <param name="model">The network.</param>
    /// <param name="faultOf">What is wrong with outputs.</param>
    public RowOutputs(IExceptionContext context, DataViewRow row, PixelSource source, ScoringModel model, OutputFault faultOf)
    {
        _row = row;
        _reader = PixelReader.Create(context, row, source);
        _model = model;
        _faultOf = faultOf;
        _badRow = message => context.BadRow(row, source.Column.Name, message);
        _values = new float[model.OutputCount];
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<float> Values
    {
        get
        {
            if (_position != _row.Position)
            {
                _position = null;
                _model.Score(this, 1, _values);
                if (_faultOf(_values) is { } fault)
                {
                    throw _badRow(fault);
                }

                _position = _row.Position;
            }

            return _values;
        }
    }

    void IInputSamples.Read(int sample, Span<float> values) => _reader.Read(values, _model.Normalization);
}
