using System.Globalization;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Training.Optimizers;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Cli.Models;

/// <summary>Whether a machine has the memory for a training, before the system finds out that it has not and ends the program.</summary>
internal static class TrainingMemory
{
    private const double BytesPerGigabyte = 1e9;

    /// <summary>Makes sure that a batch fits.</summary>
    /// <param name="network">The network.</param>
    /// <param name="options">How it is trained, and with how many images in a batch.</param>
    /// <param name="option">The option that says how many they are.</param>
    /// <exception cref="CommandException">It does not.</exception>
    public static void Require(Network network, TrainingOptions options, string option)
    {
        long needed = options.MemoryBytes(network);
        MachineMemory there = MachineMemory.Get();
        if (there.Bytes > 0 && needed > there.Bytes)
        {
            throw new CommandException(string.Create(
                CultureInfo.InvariantCulture,
                $"{option} is as many images as fit into memory at a time. Received: {options.BatchSize}, for which a training of {network} takes about "
                + $"{needed / BytesPerGigabyte:N1} GB; this {(there.IsOfContainer ? "container" : "machine")} has {there.Bytes / BytesPerGigabyte:N1} GB."));
        }
    }

    /// <summary>What is said of a training that counts for its memory.</summary>
    /// <param name="settings">The settings; the optimizer is the recipe's where an architecture is trained and none is given, and else the trainer's.</param>
    /// <param name="batch">The images of a batch.</param>
    public static TrainingOptions OptionsOf(LearningSettings settings, int batch) => new()
    {
        BatchSize = batch,
        Optimizer = settings.Optimizer ?? (settings is TrainingSettings training ? OfRecipe(training.Architecture.Recipe) : new AdamW()),
        Callbacks = settings.Callbacks,
        KeepBest = settings is not TrainingSettings { KeepsBest: false },
        NumberOfThreads = settings.NumberOfThreads,
    };

    private static Optimizer OfRecipe(TrainingRecipe recipe) =>
        recipe.Optimizer == RecipeOptimizer.Sgd ? new Sgd { Momentum = recipe.Momentum } : new Adam();
}
