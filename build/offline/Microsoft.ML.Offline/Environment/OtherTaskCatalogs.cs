#nullable disable
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Binary classification. The stand-in has no trainers and no evaluation of its own for it.</summary>
public sealed class BinaryClassificationCatalog : TrainCatalogBase
{
    internal BinaryClassificationCatalog(IHostEnvironment env)
        : base(env, nameof(BinaryClassificationCatalog)) => Trainers = new BinaryClassificationTrainers(this);

    public BinaryClassificationTrainers Trainers { get; }

    /// <summary>Where trainers of binary classification are found.</summary>
    public sealed class BinaryClassificationTrainers : CatalogInstantiatorBase
    {
        internal BinaryClassificationTrainers(BinaryClassificationCatalog catalog)
            : base(catalog)
        {
        }
    }
}

/// <summary>Clustering. The stand-in has no trainers and no evaluation of its own for it.</summary>
public sealed class ClusteringCatalog : TrainCatalogBase
{
    internal ClusteringCatalog(IHostEnvironment env)
        : base(env, nameof(ClusteringCatalog)) => Trainers = new ClusteringTrainers(this);

    public ClusteringTrainers Trainers { get; }

    /// <summary>Where trainers of clustering are found.</summary>
    public sealed class ClusteringTrainers : CatalogInstantiatorBase
    {
        internal ClusteringTrainers(ClusteringCatalog catalog)
            : base(catalog)
        {
        }
    }
}

/// <summary>Ranking. The stand-in has no trainers and no evaluation of its own for it.</summary>
public sealed class RankingCatalog : TrainCatalogBase
{
    internal RankingCatalog(IHostEnvironment env)
        : base(env, nameof(RankingCatalog)) => Trainers = new RankingTrainers(this);

    public RankingTrainers Trainers { get; }

    /// <summary>Where trainers of ranking are found.</summary>
    public sealed class RankingTrainers : CatalogInstantiatorBase
    {
        internal RankingTrainers(RankingCatalog catalog)
            : base(catalog)
        {
        }
    }
}

/// <summary>Anomaly detection. The stand-in has no trainers and no evaluation of its own for it.</summary>
public sealed class AnomalyDetectionCatalog : TrainCatalogBase
{
    internal AnomalyDetectionCatalog(IHostEnvironment env)
        : base(env, nameof(AnomalyDetectionCatalog)) => Trainers = new AnomalyDetectionTrainers(this);

    public AnomalyDetectionTrainers Trainers { get; }

    /// <summary>Where trainers of anomaly detection are found.</summary>
    public sealed class AnomalyDetectionTrainers : CatalogInstantiatorBase
    {
        internal AnomalyDetectionTrainers(AnomalyDetectionCatalog catalog)
            : base(catalog)
        {
        }
    }
}

/// <summary>Forecasting. The stand-in has no trainers and no evaluation of its own for it.</summary>
public sealed class ForecastingCatalog : TrainCatalogBase
{
    internal ForecastingCatalog(IHostEnvironment env)
        : base(env, nameof(ForecastingCatalog)) => Trainers = new Forecasters(this);

    public Forecasters Trainers { get; }

    /// <summary>Where forecasters are found.</summary>
    public sealed class Forecasters : CatalogInstantiatorBase
    {
        internal Forecasters(ForecastingCatalog catalog)
            : base(catalog)
        {
        }
    }
}
