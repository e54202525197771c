#nullable disable

using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

/// <summary>A linear classifier with softmax probabilities: one bias a class, and one weight a class and feature.</summary>
public sealed class MaximumEntropyModelParameters : IMulticlassModel
{
    private readonly float[] _biases;

    // [classes, features].
    private readonly float[] _weights;

    internal MaximumEntropyModelParameters(float[] biases, float[] weights)
    {
        _biases = biases;
        _weights = weights;
        NumberOfFeatures = weights.Length / biases.Length;
    }

    int IMulticlassModel.NumberOfClasses => NumberOfClasses;

    private int NumberOfClasses => _biases.Length;

    private int NumberOfFeatures { get; }

    /// <summary>The bias of each class.</summary>
    public IEnumerable<float> GetBiases() => [.. _biases];

    /// <summary>The weights of the features, one vector a class.</summary>
    public void GetWeights(ref VBuffer<float>[] weights, out int numClasses)
    {
        numClasses = NumberOfClasses;
        if (weights is null || weights.Length < numClasses)
        {
            Array.Resize(ref weights, numClasses);
        }

        for (int c = 0; c < numClasses; c++)
        {
            weights[c] = new VBuffer<float>(NumberOfFeatures, WeightsOf(c).ToArray());
        }
    }

    /// <summary>The probability of each class: the softmax of bias + weights x features (Bishop 2006, section 4.3.4).</summary>
    void IMulticlassModel.Predict(in VBuffer<float> features, Span<float> probabilities)
    {
        float largest = float.NegativeInfinity;
        for (int c = 0; c < probabilities.Length; c++)
        {
            probabilities[c] = _biases[c] + Dot(WeightsOf(c), features);
            largest = MathF.Max(largest, probabilities[c]);
        }

        float sum = 0;
        for (int c = 0; c < probabilities.Length; c++)
        {
            probabilities[c] = MathF.Exp(probabilities[c] - largest);
            sum += probabilities[c];
        }

        for (int c = 0; c < probabilities.Length; c++)
        {
            probabilities[c] /= sum;
        }
    }

    internal static MaximumEntropyModelParameters Load(BinaryReader reader)
    {
        int classes = reader.ReadInt32();
        int features = reader.ReadInt32();
        if (classes < 1 || features < 1 || (long)classes * (features + 1L) * sizeof(float) > reader.BaseStream.Length)
        {
            throw new FormatException($"Corrupt model file: {classes} classes of {features} features");
        }

        return new MaximumEntropyModelParameters(ReadFloats(reader, classes), ReadFloats(reader, classes * features));
    }

    void IMulticlassModel.Save(BinaryWriter writer)
    {
        writer.Write(NumberOfClasses);
        writer.Write(NumberOfFeatures);
        foreach (float value in _biases.Concat(_weights))
        {
            writer.Write(value);
        }
    }

    private static float[] ReadFloats(BinaryReader reader, int count)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = reader.ReadSingle();
        }

        return values;
    }

    private static float Dot(ReadOnlySpan<float> weights, in VBuffer<float> features)
    {
        ReadOnlySpan<float> values = features.GetValues();
        float sum = 0;
        if (!features.IsDense)
        {
            ReadOnlySpan<int> indices = features.GetIndices();
            for (int i = 0; i < indices.Length; i++)
            {
                sum += weights[indices[i]] * values[i];
            }

            return sum;
        }

        Vector<float> sums = default;
        int j = 0;
        for (; j <= values.Length - Vector<float>.Count; j += Vector<float>.Count)
        {
            sums += new Vector<float>(weights[j..]) * new Vector<float>(values[j..]);
        }

        for (; j < values.Length; j++)
        {
            sum += weights[j] * values[j];
        }

        return sum + Vector.Sum(sums);
    }

    private ReadOnlySpan<float> WeightsOf(int c) => _weights.AsSpan(c * NumberOfFeatures, NumberOfFeatures);
}
