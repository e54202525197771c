using System.Numerics;

namespace Microsoft.ML.ConvNet.Tensors;

/// <summary>Finds numbers that are not finite.</summary>
internal static class FiniteNumbers
{
    /// <summary>The position of the first NaN or infinity; -1 where all numbers are finite.</summary>
    public static int FirstOther(ReadOnlySpan<float> numbers)
    {
        int i = 0;
        for (; i <= numbers.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            // Only for a finite number is the difference with itself equal to itself.
            Vector<float> vector = new(numbers[i..]);
            Vector<float> difference = vector - vector;
            if (!Vector.EqualsAll(difference, difference))
            {
                break;
            }
        }

        for (; i < numbers.Length; i++)
        {
            if (!float.IsFinite(numbers[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
