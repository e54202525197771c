namespace Microsoft.ML.ConvNet.Tensors;

/// <summary>The place of the largest of some numbers: of the scores of classes, the class that they speak for.</summary>
public static class ArgMax
{
    /// <summary>The position of the largest number, the first of equal ones; what is not a number is passed over.</summary>
    /// <param name="numbers">The numbers, at least one.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static int Of(ReadOnlySpan<float> numbers)
    {
        if (numbers.IsEmpty)
        {
            throw new ArgumentException("The largest is one of at least one number. Received: none.", nameof(numbers));
        }

        int best = 0;
        for (int i = 1; i < numbers.Length; i++)
        {
            if (numbers[i] > numbers[best] || (float.IsNaN(numbers[best]) && !float.IsNaN(numbers[i])))
            {
                best = i;
            }
        }

        return best;
    }
}
