#nullable disable

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>What the catalogs of all machine learning tasks share.</summary>
public abstract class TrainCatalogBase : IInternalCatalog
{
    private protected TrainCatalogBase(IHostEnvironment env, string registrationName)
    {
        ArgumentNullException.ThrowIfNull(env);
        ArgumentException.ThrowIfNullOrEmpty(registrationName);
        Environment = env;
    }

    IHostEnvironment IInternalCatalog.Environment => Environment;

    private protected IHostEnvironment Environment { get; }

    /// <summary>Trains a model a fold on the rows outside of the fold, scores the fold with it, and evaluates the scores.</summary>
    private protected IReadOnlyList<CrossValidationResult<TMetrics>> CrossValidateCore<TMetrics>(
        IDataView data,
        IEstimator<ITransformer> estimator,
        int numberOfFolds,
        string samplingKeyColumnName,
        int? seed,
        Func<IDataView, TMetrics> evaluate)
        where TMetrics : class
    {
        Environment.CheckValue(data, nameof(data));
        Environment.CheckValue(estimator, nameof(estimator));
        Environment.CheckParam(numberOfFolds > 1, nameof(numberOfFolds), $"Must be more than 1. Received: {numberOfFolds}");
        var models = new List<ITransformer>();
        var scores = new List<IDataView>();
        foreach (DataOperationsCatalog.TrainTestData split in Split(data, numberOfFolds, samplingKeyColumnName, seed))
        {
            ITransformer model = estimator.Fit(split.TrainSet);
            models.Add(model);
            scores.Add(model.Transform(split.TestSet));
        }

        return [.. models.Select((model, fold) =>
            new CrossValidationResult<TMetrics>(model, evaluate(scores[fold]), scores[fold], fold))];
    }

    private IReadOnlyList<DataOperationsCatalog.TrainTestData> Split(IDataView data, int folds, string samplingKeyColumnName, int? seed) =>
        new DataOperationsCatalog(Environment).CrossValidationSplit(data, folds, samplingKeyColumnName, seed);

    /// <summary>One fold of a cross-validation.</summary>
    public sealed class CrossValidationResult<T>
        where T : class
    {
        /// <summary>The metrics of the fold.</summary>
        public readonly T Metrics;

        /// <summary>The model trained on the other folds.</summary>
        public readonly ITransformer Model;

        /// <summary>The fold with the scores of the model.</summary>
        public readonly IDataView ScoredHoldOutSet;

        /// <summary>The number of the fold, from 0.</summary>
        public readonly int Fold;

        internal CrossValidationResult(ITransformer model, T metrics, IDataView scores, int fold)
        {
            Model = model;
            Metrics = metrics;
            ScoredHoldOutSet = scores;
            Fold = fold;
        }
    }

    /// <summary>A catalog inside the catalog of a task, such as that of its trainers.</summary>
    public abstract class CatalogInstantiatorBase : IInternalCatalog
    {
        private protected CatalogInstantiatorBase(TrainCatalogBase catalog) => Owner = catalog;

        IHostEnvironment IInternalCatalog.Environment => Owner.Environment;

        internal TrainCatalogBase Owner { get; }
    }
}
