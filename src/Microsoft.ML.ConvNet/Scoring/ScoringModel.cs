using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;

namespace Microsoft.ML.ConvNet.Scoring;

/// <summary>
/// A model compiled to score when it is first needed. Any number of threads may score at once. To dispose of it frees what the
/// compilation took as soon as no thread scores; a later use compiles anew. That is because a PredictionEngine disposes of the
/// transformer it was made from, which others may still use. Therefore it counts who scores: one who has come in time finishes with
/// the compilation he found, which <see cref="InferenceModel"/> by itself would refuse after its disposal.
/// </summary>
internal sealed class ScoringModel(Network network, Weights weights, PixelNormalization normalization, int numberOfThreads) : IDisposable
{
    private readonly object _gate = new();
    private InferenceModel? _model;
    private int _users;
    private bool _isReleased;

    /// <summary>What is done to pixels before the network.</summary>
    public PixelNormalization Normalization => normalization;

    /// <summary>The numbers that the network gives for an image.</summary>
    public int OutputCount { get; } = network.OutputShape.ElementCount;

    /// <summary>Scores images.</summary>
    /// <param name="images">What reads their pixels, <c>[H, W, C]</c>, and normalises them.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="outputs">Receives what the network gives for each: the probabilities, one a class, or features.</param>
    /// <exception cref="ObjectDisposedException">It was to be compiled, and the weights were disposed of.</exception>
    public void Score(IInputSamples images, int count, Span<float> outputs)
    {
        InferenceModel model = Enter();
        try
        {
            model.Predict(images, count, outputs);
        }
        finally
        {
            Exit();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isReleased = true;
            FreeWhenUnused();
        }
    }

    private InferenceModel Enter()
    {
        lock (_gate)
        {
            _model ??= new InferenceModel(network, weights, numberOfThreads);
            _users++;
            return _model;
        }
    }

    private void Exit()
    {
        lock (_gate)
        {
            _users--;
            FreeWhenUnused();
        }
    }

    private void FreeWhenUnused()
    {
        if (_isReleased && _users == 0)
        {
            _isReleased = false;
            _model?.Dispose();
            _model = null;
        }
    }
}
