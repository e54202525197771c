#nullable disable
namespace Microsoft.ML.Trainers;

/// <summary>Learns a transformer that predicts.</summary>
public interface ITrainerEstimator<out TTransformer, out TModel> : IEstimator<TTransformer>
    where TTransformer : IPredictionTransformer<TModel>
    where TModel : class
{
    TrainerInfo Info { get; }
}
