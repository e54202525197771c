using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Scoring;

/// <summary>What a network gives for the row that a cursor stands on: computed once, however often it is asked for. One thread uses it.</summary>
internal sealed class RowOutputs
{
    private readonly DataViewRow _row;
    private readonly PixelReader _reader;
    private readonly ScoringModel _model;
    private readonly Func<float[], string?> _faultOf;
    private readonly Func<string, Exception> _badRow;
    private readonly float[] _pixels;
    private readonly float[] _values;
    private long? _position;

    /// <summary>Prepares to read a row's pixels.</summary>
    /// <param name="context">Who is asked.</param>
    /// <param name="row">The row.</param>
    /// <param name="source">The column of the images.</param>
    /// <param name="model">The network.</param>
    /// <param name="count">The number of outputs.</param>
    /// <param name="faultOf">What is wrong with outputs, without a full stop; null for nothing.</param>
    public RowOutputs(
        IExceptionContext context, DataViewRow row, PixelSource source, ScoringModel model, int count, Func<float[], string?> faultOf)
    {
        _row = row;
        _reader = PixelReader.Create(context, row, source);
        _model = model;
        _faultOf = faultOf;
        _badRow = message => context.BadRow(row, source.Column.Name, message);
        _pixels = new float[source.Shape.ElementCount];
        _values = new float[count];
    }

    /// <summary>The outputs of the present row, valid until the cursor moves.</summary>
    /// <exception cref="InvalidDataException">The row has no such pixels, or the outputs are no numbers to go on with.</exception>
    public ReadOnlySpan<float> Values
    {
        get
        {
            if (_position != _row.Position)
            {
                _position = null;
                _reader.Read(_pixels);
                _model.Score(_pixels, _values);
                if (_faultOf(_values) is { } fault)
                {
                    throw _badRow(fault);
                }

                _position = _row.Position;
            }

            return _values;
        }
    }

    /// <summary>The outputs of the present row as a column has them.</summary>
    /// <exception cref="InvalidDataException">The row has no such pixels, or the outputs are no numbers to go on with.</exception>
    public void Get(ref VBuffer<float> values)
    {
        ReadOnlySpan<float> present = Values;
        VBufferEditor<float> editor = VBufferEditor.Create(ref values, present.Length);
        present.CopyTo(editor.Values);
        values = editor.Commit();
    }
}
