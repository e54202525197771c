#nullable disable

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Defaults = Microsoft.ML.Trainers.LbfgsMaximumEntropyMulticlassTrainer.Options.Defaults;

namespace Microsoft.ML;

/// <summary>The trainers that come with ML.NET.</summary>
public static class StandardTrainersCatalog
{
    /// <summary>A linear classifier with softmax probabilities, trained by L-BFGS.</summary>
    public static LbfgsMaximumEntropyMulticlassTrainer LbfgsMaximumEntropy(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = DefaultColumnNames.Label,
        string featureColumnName = DefaultColumnNames.Features,
        string exampleWeightColumnName = null,
        float l1Regularization = Defaults.L1Regularization,
        float l2Regularization = Defaults.L2Regularization,
        float optimizationTolerance = Defaults.OptimizationTolerance,
        int historySize = Defaults.HistorySize,
        bool enforceNonNegativity = Defaults.EnforceNonNegativity)
    {
        IHostEnvironment env = CatalogUtils.GetEnvironment(catalog);
        return new LbfgsMaximumEntropyMulticlassTrainer(env, new LbfgsMaximumEntropyMulticlassTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            L1Regularization = l1Regularization,
            L2Regularization = l2Regularization,
            OptimizationTolerance = optimizationTolerance,
            HistorySize = historySize,
            EnforceNonNegativity = enforceNonNegativity,
        });
    }

    /// <summary>A linear classifier with softmax probabilities, trained by L-BFGS.</summary>
    public static LbfgsMaximumEntropyMulticlassTrainer LbfgsMaximumEntropy(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        LbfgsMaximumEntropyMulticlassTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new LbfgsMaximumEntropyMulticlassTrainer(CatalogUtils.GetEnvironment(catalog), options);
    }
}
