using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Scoring;

/// <summary>Scores the row that a cursor stands on: once, however often it is asked. One thread uses it.</summary>
internal sealed class RowScorer
{
    private readonly IExceptionContext _context;
    private readonly string _column;
    private readonly DataViewRow _row;
    private readonly PixelReader _reader;
    private readonly ScoringModel _model;
    private readonly float[] _pixels;
    private readonly float[] _scores;
    private long? _position;

    public RowScorer(IExceptionContext context, DataViewRow row, PixelSource source, ScoringModel model, int classes)
    {
        _context = context;
        _column = source.Column.Name;
        _row = row;
        _reader = PixelReader.Create(context, row, source);
        _model = model;
        _pixels = new float[source.Shape.ElementCount];
        _scores = new float[classes];
    }

    /// <summary>The probability of each class.</summary>
    public void GetScores(ref VBuffer<float> scores)
    {
        Update();
        VBufferEditor<float> editor = VBufferEditor.Create(ref scores, _scores.Length);
        _scores.CopyTo(editor.Values);
        scores = editor.Commit();
    }

    /// <summary>A getter of the class of the highest probability, as a key of a raw type.</summary>
    public Delegate PredictedLabelGetter(Type rawType)
    {
        if (rawType == typeof(byte))
        {
            return (ValueGetter<byte>)((ref byte value) => value = (byte)Best());
        }

        if (rawType == typeof(ushort))
        {
            return (ValueGetter<ushort>)((ref ushort value) => value = (ushort)Best());
        }

        return rawType == typeof(uint)
            ? (ValueGetter<uint>)((ref uint value) => value = (uint)Best())
            : (ValueGetter<ulong>)((ref ulong value) => value = (ulong)Best());
    }

    /// <summary>The key of the highest probability, from 1; of equal ones the first.</summary>
    private int Best()
    {
        Update();
        return ArgMax.Of(_scores) + 1;
    }

    private void Update()
    {
        if (_position == _row.Position)
        {
            return;
        }

        _position = null;
        _reader.Read(_pixels);
        _model.Score(_pixels, _scores);
        int number = Array.FindIndex(_scores, float.IsNaN);
        if (number >= 0)
        {
            throw _context.BadRow(_row, _column, FormattableString.Invariant(
                $"the scores of its pixels are numbers. Received: NaN for class {number}, as of pixels or weights too great for the network"));
        }

        _position = _row.Position;
    }
}
