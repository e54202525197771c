using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;

namespace Microsoft.ML.ConvNet.Training;

/// <summary>What judges the weights after an epoch: samples that are scored and not trained with.</summary>
internal sealed class Validation : IDisposable
{
    private readonly Network _network;
    private readonly TrainingOptions _options;
    private readonly Evaluation _evaluation;
    private InferenceModel? _model;

    /// <summary>Takes the memory for a batch.</summary>
    /// <param name="weights">The weights of the training.</param>
    /// <param name="dataset">The samples.</param>
    /// <param name="options">How the network is trained.</param>
    /// <param name="mostSamples">The most samples to score at a time.</param>
    public Validation(Weights weights, ImageDataset dataset, TrainingOptions options, int mostSamples)
    {
        _network = weights.Network;
        _options = options;
        _evaluation = new Evaluation(
            _network,
            dataset,
            "validation",
            options.Loss,
            Math.Min(options.BatchSize, mostSamples),
            options.NumberOfThreads,
            isPartOfTraining: true,
            weights);
    }

    /// <summary>Judges weights; null where it was cancelled.</summary>
    public EvaluationResult? Run(Weights weights, CancellationToken cancellationToken)
    {
        if (_model == null)
        {
            _model = new InferenceModel(_network, weights, _options.NumberOfThreads, _options.PlanOptions);
        }
        else
        {
            _model.Reload(weights);
        }

        return _evaluation.Run(_model, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _evaluation.Dispose();
        _model?.Dispose();
    }
}
