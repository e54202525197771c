using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;

namespace Microsoft.ML.ConvNet.Tasks;

/// <summary>
/// Brings the numbers that are to be learnt to mean 0 and deviation 1, about where the outputs of a network begin, whatever their unit is; and lets the
/// last layer of the network take that in, so that it gives them as they are.
/// </summary>
internal sealed class TargetScaling
{
    private readonly double[] _means;
    private readonly double[] _deviations;

    private TargetScaling(double[] means, double[] deviations)
    {
        _means = means;
        _deviations = deviations;
    }

    /// <summary>Whether the last layer of a network can take the scaling in.</summary>
    public static bool CanTakeIn(Network network) => network.Nodes[^1].Layer is Dense { UseBias: true };

    /// <summary>Measures the targets of samples.</summary>
    public static TargetScaling Measure(ImageDataset samples)
    {
        double[] means = new double[samples.TargetLength];
        double[] deviations = new double[samples.TargetLength];
        float[] values = new float[samples.TargetLength];
        for (int sample = 0; sample < samples.Count; sample++)
        {
            samples.ReadTarget(sample, values);
            for (int i = 0; i < values.Length; i++)
            {
                means[i] += (double)values[i] / samples.Count;
            }
        }

        for (int sample = 0; sample < samples.Count; sample++)
        {
            samples.ReadTarget(sample, values);
            for (int i = 0; i < values.Length; i++)
            {
                deviations[i] += (values[i] - means[i]) * (values[i] - means[i]) / samples.Count;
            }
        }

        // Numbers that are all the same stay at their distance of nothing.
        return new TargetScaling(
            means, [.. deviations.Select((square, i) => Math.Sqrt(square) > 1e-6 * Math.Abs(means[i]) && square > 0 ? Math.Sqrt(square) : 1)]);
    }

    /// <summary>The samples with targets that are scaled.</summary>
    public ImageDataset Apply(ImageDataset samples) => new ScaledTargets(samples, this);

    /// <summary>Changes the weights of the last layer, which was trained on scaled targets, so that the network gives them as they were.</summary>
    public void TakeIn(Network network, Weights weights)
    {
        string name = network.Nodes[^1].Name;
        Span<float> matrix = weights[$"{name}.weight"].Span;
        Span<float> biases = weights[$"{name}.bias"].Span;
        for (int i = 0; i < matrix.Length; i++)
        {
            matrix[i] = (float)(matrix[i] * _deviations[i % biases.Length]);
        }

        for (int i = 0; i < biases.Length; i++)
        {
            biases[i] = (float)((biases[i] * _deviations[i]) + _means[i]);
        }
    }

    private sealed class ScaledTargets(ImageDataset source, TargetScaling scaling) : ImageDataset
    {
        public override int Count => source.Count;

        public override Shape Shape => source.Shape;

        public override int ClassCount => source.ClassCount;

        public override int TargetLength => source.TargetLength;

        public override bool IsInMemory => source.IsInMemory;

        public override string AugmentationText => source.AugmentationText;

        public override bool IsWeighted => source.IsWeighted;

        public override void ReadSample(int index, Span<float> pixels) => source.ReadSample(index, pixels);

        public override void ReadSample(int index, int epoch, Span<float> pixels) => source.ReadSample(index, epoch, pixels);

        public override int LabelOf(int index) => source.LabelOf(index);

        public override float WeightOf(int index) => source.WeightOf(index);

        public override void ReadTarget(int index, Span<float> target)
        {
            source.ReadTarget(index, target);
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = (float)((target[i] - scaling._means[i]) / scaling._deviations[i]);
            }
        }
    }
}
