using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Scoring;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Featurizing;

/// <summary>Computes the features of the row that a cursor stands on: once, however often it is asked. One thread uses it.</summary>
internal sealed class RowFeaturizer
{
    private readonly IExceptionContext _context;
    private readonly DataViewRow _row;
    private readonly string _column;
    private readonly PixelReader _reader;
    private readonly ScoringModel _model;
    private readonly float[] _pixels;
    private readonly float[] _features;
    private long? _position;

    public RowFeaturizer(IExceptionContext context, DataViewRow row, PixelSource source, ScoringModel model, int features)
    {
        _context = context;
        _row = row;
        _column = source.Column.Name;
        _reader = PixelReader.Create(context, row, source);
        _model = model;
        _pixels = new float[source.Shape.ElementCount];
        _features = new float[features];
    }

    /// <summary>The features of the present row.</summary>
    public void Get(ref VBuffer<float> features)
    {
        Update();
        VBufferEditor<float> editor = VBufferEditor.Create(ref features, _features.Length);
        _features.CopyTo(editor.Values);
        features = editor.Commit();
    }

    private void Update()
    {
        if (_position == _row.Position)
        {
            return;
        }

        _position = null;
        _reader.Read(_pixels);
        _model.Score(_pixels, _features);
        int number = Array.FindIndex(_features, value => !float.IsFinite(value));
        if (number >= 0)
        {
            throw _context.BadRow(_row, _column, FormattableString.Invariant(
                $"features are finite numbers. Received: {_features[number]} as number {number}, as of pixels or weights too great for the network"));
        }

        _position = _row.Position;
    }
}
