using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Trainers;

/// <summary>
/// A value a feature and class: [features, classes], the classes padded to whole vectors, so that a feature that is not zero
/// meets all classes at once.
/// </summary>
internal sealed class ClassMatrix(int featureCount, int classCount)
{
    private static readonly int Width = Vector<float>.Count;

    private readonly int _stride = PaddedCount(classCount);
    private readonly float[] _values = new float[featureCount * PaddedCount(classCount)];

    /// <summary>The number of classes rounded up to whole vectors.</summary>
    public static int PaddedCount(int classCount) => (classCount + Width - 1) / Width * Width;

    public void Clear() => Array.Clear(_values);

    /// <summary>Takes over values that are stored class by class.</summary>
    public void Read(ReadOnlySpan<double> classByClass)
    {
        for (int c = 0, i = 0; c < classCount; c++)
        {
            for (int j = c; i < (c + 1) * featureCount; j += _stride, i++)
            {
                _values[j] = (float)classByClass[i];
            }
        }
    }

    /// <summary>Adds the matrix to values that are stored class by class.</summary>
    public void AddTo(Span<double> classByClass)
    {
        for (int c = 0, i = 0; c < classCount; c++)
        {
            for (int j = c; i < (c + 1) * featureCount; j += _stride, i++)
            {
                classByClass[i] += _values[j];
            }
        }
    }

    /// <summary>products[class] = sum over the features of value times the matrix.</summary>
    /// <param name="features">Ascending, each less than the number of features.</param>
    /// <param name="values">A value a feature.</param>
    /// <param name="products">A place a padded class.</param>
    public void Multiply(ReadOnlySpan<int> features, ReadOnlySpan<float> values, Span<float> products)
    {
        int block = 0;
        for (; block <= _stride - 2 * Width; block += 2 * Width)
        {
            ref float matrix = ref Block(features, block);
            Vector<float> first = default, second = default;
            for (int k = 0; k < values.Length; k++)
            {
                nuint offset = (nuint)(features[k] * _stride);
                first += values[k] * Vector.LoadUnsafe(ref matrix, offset);
                second += values[k] * Vector.LoadUnsafe(ref matrix, offset + (nuint)Width);
            }

            first.CopyTo(products[block..]);
            second.CopyTo(products[(block + Width)..]);
        }

        if (block < _stride)
        {
            ref float matrix = ref Block(features, block);
            Vector<float> last = default;
            for (int k = 0; k < values.Length; k++)
            {
                last += values[k] * Vector.LoadUnsafe(ref matrix, (nuint)(features[k] * _stride));
            }

            last.CopyTo(products[block..]);
        }
    }

    /// <summary>Adds value times factor[class] to the matrix for each of the features.</summary>
    /// <param name="features">Ascending, each less than the number of features.</param>
    /// <param name="values">A value a feature.</param>
    /// <param name="factors">A factor a padded class.</param>
    public void AddProducts(ReadOnlySpan<int> features, ReadOnlySpan<float> values, ReadOnlySpan<float> factors)
    {
        int block = 0;
        for (; block <= _stride - 2 * Width; block += 2 * Width)
        {
            ref float matrix = ref Block(features, block);
            var first = new Vector<float>(factors[block..]);
            var second = new Vector<float>(factors[(block + Width)..]);
            for (int k = 0; k < values.Length; k++)
            {
                nuint offset = (nuint)(features[k] * _stride);
                (Vector.LoadUnsafe(ref matrix, offset) + values[k] * first).StoreUnsafe(ref matrix, offset);
                offset += (nuint)Width;
                (Vector.LoadUnsafe(ref matrix, offset) + values[k] * second).StoreUnsafe(ref matrix, offset);
            }
        }

        if (block < _stride)
        {
            ref float matrix = ref Block(features, block);
            var last = new Vector<float>(factors[block..]);
            for (int k = 0; k < values.Length; k++)
            {
                nuint offset = (nuint)(features[k] * _stride);
                (Vector.LoadUnsafe(ref matrix, offset) + values[k] * last).StoreUnsafe(ref matrix, offset);
            }
        }
    }

    private ref float Block(ReadOnlySpan<int> features, int block)
    {
        if (!features.IsEmpty && (features[0] < 0 || features[^1] >= featureCount))
        {
            throw new ArgumentOutOfRangeException(nameof(features), $"There are {featureCount} features. Received: {features[^1]}");
        }

        return ref MemoryMarshal.GetReference(_values.AsSpan(block));
    }
}
