using Microsoft.ML.ConvNet.Columns;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.ConvNet.Scoring;

/// <summary>Scores the row that a cursor stands on: once, however often it is asked. One thread uses it.</summary>
internal sealed class RowScorer
{
    private readonly RowOutputs _scores;

    public RowScorer(IExceptionContext context, DataViewRow row, PixelSource source, ScoringModel model, int classes) =>
        _scores = new RowOutputs(context, row, source, model, classes, FaultOf);

    /// <summary>The probability of each class.</summary>
    public void GetScores(ref VBuffer<float> scores) => _scores.Get(ref scores);

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

    private static string? FaultOf(float[] scores)
    {
        int number = Array.FindIndex(scores, float.IsNaN);
        return number < 0 ? null : FormattableString.Invariant(
            $"the scores of its pixels are numbers. Received: NaN for class {number}, as of pixels or weights too great for the network");
    }

    /// <summary>The key of the highest probability, from 1; of equal ones the first.</summary>
    private int Best() => ArgMax.Of(_scores.Values) + 1;
}
