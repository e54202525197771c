using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.Data;

namespace Microsoft.ML.ConvNet.Scoring;

/// <summary>The columns of scores and classes of the present row. One thread uses it.</summary>
/// <param name="scores">The probabilities of the classes.</param>
internal sealed class RowScorer(NetworkOutputs scores)
{
    /// <summary>What is wrong with scores, without a full stop; null for nothing.</summary>
    public static string? FaultOf(ReadOnlySpan<float> scores)
    {
        for (int number = 0; number < scores.Length; number++)
        {
            if (float.IsNaN(scores[number]))
            {
                return FormattableString.Invariant(
                    $"the scores of its pixels are numbers. Received: NaN for class {number}, as of pixels or weights too great for the network");
            }
        }

        return null;
    }

    /// <summary>The probability of each class.</summary>
    public void GetScores(ref VBuffer<float> values) => scores.Get(ref values);

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
    private int Best() => ArgMax.Of(scores.Values) + 1;
}
