using System.CommandLine;
using Microsoft.ML.ConvNet.Cli.Models;
using Microsoft.ML.ConvNet.Cli.Reports;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Running;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Cli.Commands;

/// <summary><c>convnet profile</c>: where time and memory go when an architecture or a model scores or is trained.</summary>
internal static class ProfileCommand
{
    private const int DefaultTrainingBatch = 32;

    public static System.CommandLine.Command Create()
    {
        Argument<string> subject = NetworkArgument.Create();
        Option<int?> batch = NumberOptions.Integer(
            "--batch", 1, 1_000_000, $"How many images are taken at a time; by default 1, for training {DefaultTrainingBatch}.");
        Option<bool> training = new("--training")
        {
            Description = "Profile a training step, with momentum SGD, rather than scoring.",
        };
        Option<int?> threads = CommandOptions.Threads();
        Option<int?> runs = NumberOptions.Integer(
            "--runs", 1, 1_000_000, "How many runs to take the medians of; by default as many as some seconds have room for.");
        Option<string> json = CommandOptions.Json("the profile");
        System.CommandLine.Command command = new(
            "profile",
            "Shows where time and memory go when a network scores or is trained, on random images: each step's kernel, output, memory, "
            + "multiply-adds, time and share.")
        {
            subject, batch, training, threads, runs, json,
        };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(subject),
            parsed.GetValue(training),
            parsed.GetValue(batch),
            parsed.GetValue(threads) ?? 0,
            parsed.GetValue(runs) ?? 0,
            parsed.GetValue(json)));
        return command;
    }

    private static int Run(string subject, bool training, int? batch, int threads, int runs, string? jsonPath)
    {
        OutputFile.RequireWritable(jsonPath, "--json");

        PlanProfile Profile(Network network, Weights weights) => training
            ? ProfileTraining(network, weights, batch ?? DefaultTrainingBatch, threads, runs)
            : ProfileScoring(network, weights, batch ?? 1, threads, runs);

        PlanProfile profile;
        if (NetworkArgument.TryGetArchitecture(subject, out Architecture? architecture))
        {
            Network network = architecture.Create(classes: architecture.Classes);
            using Weights weights = Weights.Initialize(network, seed: 0);
            profile = Profile(network, weights);
        }
        else if (File.Exists(subject))
        {
            using LoadedModel model = LoadedModel.Load(subject);
            profile = Profile(model.Network, model.Weights);
        }
        else
        {
            throw NetworkArgument.Unknown("profile", subject);
        }

        Console.Out.Write(profile);
        JsonReport.Write(ProfileReport.Of(profile), jsonPath);
        return ExitCode.Success;
    }

    private static PlanProfile ProfileTraining(Network network, Weights weights, int batch, int threads, int runs)
    {
        // A step alone: there is no best epoch, and nothing is read.
        TrainingOptions options = new() { BatchSize = batch, NumberOfThreads = threads, KeepBest = false, PrefetchedBatches = 0 };
        TrainingMemory.Require(network, options, "--batch");
        return NetworkTrainer.Profile(network, options, weights, runs);
    }

    private static PlanProfile ProfileScoring(Network network, Weights weights, int batch, int threads, int runs)
    {
        using InferenceModel model = new(network, weights, threads);
        return model.Profile(batch, runs);
    }
}
