using System.Diagnostics;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Threading;
using Microsoft.ML.ConvNet.Training.Losses;
using Microsoft.ML.ConvNet.Training.Steps;

namespace Microsoft.ML.ConvNet.Training;

/// <summary>Scores a set of samples and compares the scores with the targets; its memory serves any number of times.</summary>
internal sealed unsafe class Evaluation : IDisposable
{
    private static readonly SoftmaxCrossEntropy LogLossOfClasses = new();

    private readonly ImageDataset _dataset;
    private readonly Loss _loss;
    private readonly int _batch;
    private readonly int _numberOfThreads;
    private readonly int _inputLength;
    private readonly int _outputLength;
    private readonly bool _endsInSoftmax;
    private readonly bool _endsInSigmoid;
    private readonly bool _takesLogarithms;
    private readonly float[] _logarithms;
    private readonly BatchReader _reader;
    private readonly NativeBuffer _inputs;
    private readonly NativeBuffer _outputs;
    private readonly NativeBuffer? _targets;
    private readonly int[] _indices;
    private readonly bool _countsConfusion;
    private readonly bool _refusesNaN;
    private readonly bool _measuresLogLoss;
    private readonly long[] _ranks;
    private double _logLoss;

    /// <summary>Takes the memory for batches of at most the given size.</summary>
    /// <param name="network">The network.</param>
    /// <param name="dataset">The samples.</param>
    /// <param name="what">What they are called in an error.</param>
    /// <param name="loss">What is measured.</param>
    /// <param name="batchSize">The number of samples that are scored at a time.</param>
    /// <param name="numberOfThreads">The most threads to use.</param>
    /// <param name="isPartOfTraining">
    /// Whether it judges an epoch: then classes are not counted, and a sample whose scores are not numbers is one whose class was not found. Else
    /// such a sample is refused.
    /// </param>
    /// <param name="weights">The network's weights, where it matters for what its outputs are.</param>
    public Evaluation(
        Network network,
        ImageDataset dataset,
        string what,
        Loss loss,
        int batchSize,
        int numberOfThreads,
        bool isPartOfTraining = false,
        Weights? weights = null)
    {
        _dataset = dataset;
        _loss = loss;
        _countsConfusion = !isPartOfTraining && network.OutputShape.ElementCount <= EvaluationResult.MostClassesOfConfusion;
        _refusesNaN = !isPartOfTraining;
        _measuresLogLoss = !isPartOfTraining && loss.TargetsAreClasses && dataset.TargetLength == 0;
        _ranks = new long[isPartOfTraining || dataset.TargetLength > 0 ? 0 : network.OutputShape.ElementCount];
        _batch = Math.Min(batchSize, dataset.Count);
        _numberOfThreads = numberOfThreads;
        _inputLength = network.InputShape.ElementCount;
        _outputLength = network.OutputShape.ElementCount;
        // Spans are no longer than an int can say.
        _batch = Math.Clamp(_batch, 1, Math.Max(1, int.MaxValue / Math.Max(_inputLength, _outputLength)));
        _endsInSoftmax = network.Nodes[^1].Layer is Softmax;
        _endsInSigmoid = network.Nodes[^1].Layer is Sigmoid;
        _takesLogarithms = !_endsInSoftmax && loss.TargetsAreClasses && dataset.TargetLength == 0
            && (loss.DeclaredOutputs ?? OutputAnalysis.Of(network, weights)) == OutputKind.Probabilities;
        _logarithms = new float[_takesLogarithms ? _outputLength : 0];
        _reader = new BatchReader(dataset, what, _batch);
        _inputs = new NativeBuffer((nuint)_batch * (nuint)_inputLength * sizeof(float));
        _outputs = new NativeBuffer((nuint)_batch * (nuint)_outputLength * sizeof(float));
        _targets = dataset.TargetLength > 0 ? new NativeBuffer((nuint)_batch * (nuint)_outputLength * sizeof(float)) : null;
        _indices = new int[_batch];
    }

    /// <summary>Scores all samples; null where it was cancelled.</summary>
    public EvaluationResult? Run(InferenceModel model, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        RunningMetrics metrics = default;
        _logLoss = 0;
        Array.Clear(_ranks);
        bool areClasses = _dataset.TargetLength == 0;
        int counted = areClasses && _countsConfusion ? _outputLength : 0;
        long[,] confusion = new long[counted, counted];
        for (int first = 0; first < _dataset.Count; first += _batch)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                return null;
            }

            int count = Math.Min(_batch, _dataset.Count - first);
            if (!Score(model, first, count, cancellationToken))
            {
                return null;
            }

            for (int i = 0; i < count; i++)
            {
                Add(first + i, i, confusion, ref metrics);
            }
        }

        double? logLoss = _measuresLogLoss ? _logLoss / Math.Max(metrics.Count, 1) : null;
        return new EvaluationResult(
            (int)metrics.Count, metrics.Loss, areClasses ? metrics.Accuracy : null, confusion, Stopwatch.GetElapsedTime(start))
        {
            LogLoss = logLoss,
            Ranks = [.. _ranks],
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _inputs.Dispose();
        _outputs.Dispose();
        _targets?.Dispose();
    }

    private bool Score(InferenceModel model, int first, int count, CancellationToken cancellationToken)
    {
        for (int i = 0; i < count; i++)
        {
            _indices[i] = first + i;
        }

        using (WorkerGang gang = WorkerPool.Shared.Lease(_numberOfThreads))
        {
            float* targets = _targets == null ? null : _targets.Floats;
            if (!_reader.Read(gang, _indices.AsSpan(0, count), epoch: null, _inputs.Floats, targets, cancellationToken))
            {
                return false;
            }
        }

        return model.TryPredict(
            new ReadOnlySpan<float>(_inputs.Floats, count * _inputLength),
            count,
            new Span<float>(_outputs.Floats, count * _outputLength),
            cancellationToken);
    }

    private void Add(int index, int position, long[,] confusion, ref RunningMetrics metrics)
    {
        ReadOnlySpan<float> outputs = new(_outputs.Floats + ((nint)position * _outputLength), _outputLength);
        double weight = _dataset.WeightOf(index);
        if (_targets != null)
        {
            RequireNumbers(index, outputs);
            ReadOnlySpan<float> target = new(_targets.Floats + ((nint)position * _outputLength), _outputLength);
            metrics.Add(weight * _loss.Measure(outputs, target, _endsInSigmoid), weight, isCorrect: false);
            return;
        }

        int label = _dataset.LabelOf(index);
        if (label >= 0)
        {
            // What is not a number speaks for no class.
            int found = RequireNumbers(index, outputs) ? ArgMax.Of(outputs) : -1;
            if (_countsConfusion)
            {
                confusion[label, found]++;
            }

            ReadOnlySpan<float> scores = _takesLogarithms ? LogarithmsOf(outputs) : outputs;
            if (_ranks.Length > 0)
            {
                _ranks[RankOf(outputs, label)]++;
            }

            if (_measuresLogLoss)
            {
                _logLoss += LogLossOfClasses.Measure(scores, label, _endsInSoftmax);
            }

            bool areProbabilities = _loss.TakesLogitsOfFlags ? _endsInSigmoid : _endsInSoftmax;
            metrics.Add(weight * _loss.Measure(scores, label, areProbabilities), weight * _loss.WeightOf(label), label == found);
        }
    }

    /// <summary>How many outputs are greater than that of a class, or equal and before it.</summary>
    private static int RankOf(ReadOnlySpan<float> outputs, int label)
    {
        int rank = 0;
        for (int i = 0; i < outputs.Length; i++)
        {
            rank += outputs[i] > outputs[label] || (outputs[i] == outputs[label] && i < label) ? 1 : 0;
        }

        return rank;
    }

    /// <summary>Looks whether all scores are numbers, infinite ones included.</summary>
    /// <returns>False where one is not, and that is no reason to stop.</returns>
    private bool RequireNumbers(int index, ReadOnlySpan<float> outputs)
    {
        int place = FiniteNumbers.FirstOther(outputs);
        while (place >= 0 && place < outputs.Length && !float.IsNaN(outputs[place]))
        {
            place++;
        }

        if (place < 0 || place == outputs.Length)
        {
            return true;
        }

        return !_refusesNaN ? false : throw new InvalidDataException(FormattableString.Invariant(
            $"Sample {index} of the evaluation set: scores are numbers. Received: NaN, output {place}; its pixels, or the weights, are too large."));
    }

    /// <summary>Probabilities that are no softmax's as logits: one that is 0 as a float counts as the smallest that is not.</summary>
    private ReadOnlySpan<float> LogarithmsOf(ReadOnlySpan<float> probabilities)
    {
        for (int i = 0; i < probabilities.Length; i++)
        {
            _logarithms[i] = MathF.Log(Math.Max(probabilities[i], float.Epsilon));
        }

        return _logarithms;
    }
}
