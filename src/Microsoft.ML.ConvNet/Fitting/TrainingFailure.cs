using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Training;

namespace Microsoft.ML.ConvNet.Fitting;

/// <summary>
/// What a training that ended by an exception had learnt until then. It goes with the exception, whose type and message stay its own, so that
/// nobody needs to ask for it before he knows of the failure.
/// </summary>
internal static class TrainingFailure
{
    // Beside the exception and not in its Data, which loggers write out, and which may be read only.
    private static readonly ConditionalWeakTable<Exception, ConvNetTransformer> Models = [];

    /// <summary>Gives a model to an exception, to be taken to who catches it.</summary>
    public static void Attach(Exception exception, ConvNetTransformer model) => Models.AddOrUpdate(exception, model);

    /// <summary>The model that an exception, or one of its causes, takes with it; null where there is none.</summary>
    public static ConvNetTransformer? ModelOf(Exception? exception) => exception switch
    {
        null => null,
        _ when Models.TryGetValue(exception, out ConvNetTransformer? model) => model,
        AggregateException several => several.InnerExceptions.Select(ModelOf).FirstOrDefault(model => model is not null),
        _ => ModelOf(exception.InnerException),
    };

    /// <summary>What the log says of it.</summary>
    public static string Text(TrainingResult result) =>
        $"Training ended by {result.Failure?.GetType().Name ?? "an exception"}; {nameof(ConvNetTransformer)}."
        + $"{nameof(ConvNetTransformer.FromFailure)} gives the model with the weights "
        + (result.WeightsEpoch > 0 ? FormattableString.Invariant($"of epoch {result.WeightsEpoch}.") : "at that moment.");
}
