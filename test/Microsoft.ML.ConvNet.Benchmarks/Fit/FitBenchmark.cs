using System.Diagnostics;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Zoo;
using Microsoft.ML.Data;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Benchmarks.Fit;

/// <summary>
/// How long a training on MNIST takes through ML.NET, with all that reads, measures and normalises rows of bytes, against the core's steps alone on
/// the same batches; beside it what reading the rows and measuring the normalisation take of it.
/// </summary>
internal static class FitBenchmark
{
    private const double Goal = 1.15;

    /// <summary>Measures in turn and prints a table in Markdown; 1 where there is no data, or the two did not train alike.</summary>
    public static int Run(string[] arguments)
    {
        if (Arguments.Parse("fit", arguments, [], ["--epochs", "--runs", "--rows", "--threads"]) is not { } given
            || given.Architectures("lenet5", "mnist-convnet") is not { } architectures)
        {
            return 2;
        }

        if (BenchmarkData.Folder("mnist") is not { } folder)
        {
            return 1;
        }

        MLContext context = new(seed: 1);
        IDataView rows = context.Data.LoadFromIdx(folder);
        if (given.Text("--rows") is not null)
        {
            rows = context.Data.Cache(context.Data.TakeRows(rows, given.Count("--rows", 0)));
        }

        Console.WriteLine("| architecture | rows | epochs | reading s | measuring s | bare core s | Fit s | ratio (median) |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        bool same = true;
        foreach (Architecture architecture in architectures)
        {
            RecipeOptions options = new(architecture, given.Count("--epochs", 2), given.Count("--threads", Environment.ProcessorCount));
            same &= Print(context, rows, options, given.Count("--runs", 5));
        }

        Console.WriteLine(Invariant($"The goal is a ratio of at most {Goal}."));
        return same ? 0 : 1;
    }

    private static bool Print(MLContext context, IDataView rows, RecipeOptions options, int runs)
    {
        // What is compiled and brought into memory the first time is nobody's.
        using RowTimes warm = RowTimes.Measure(rows, options.Threads);
        NormalizedDataset samples = new(warm.Samples, warm.Normalization);
        bool same = true;
        List<RowTimes> read = [];
        List<(FittedTime Bare, FittedTime Fit)> pairs = [];
        for (int run = 0; run <= runs; run++)
        {
            RowTimes times = RowTimes.Measure(rows, options.Threads);
            times.Dispose();

            // Neither is always the one that the other made the caches warm for.
            FittedTime? before = run % 2 == 0 ? null : Fit(context, rows, options);
            FittedTime bare = BareTraining.Run(options.Architecture.Create(samples.Shape, samples.ClassCount), samples, options.ForCore());
            FittedTime fit = before ?? Fit(context, rows, options);
            same &= bare.Hash == fit.Hash && Math.Abs(bare.Loss - fit.Loss) <= 1e-9 * Math.Abs(fit.Loss);
            if (run > 0)
            {
                read.Add(times);
                pairs.Add((bare, fit));
            }
        }

        Console.WriteLine(
            Invariant($"| {options.Architecture.Name} | {samples.Count} | {options.Epochs} | {FittedTime.Median(read.Select(time => time.Reading)):F3} | ")
            + Invariant($"{FittedTime.Median(read.Select(time => time.Measuring)):F3} | {FittedTime.Median(pairs.Select(pair => pair.Bare.Seconds)):F3} | ")
            + Invariant($"{FittedTime.Median(pairs.Select(pair => pair.Fit.Seconds)):F3} | ")
            + Invariant($"{FittedTime.Median(pairs.Select(pair => pair.Fit.Seconds / pair.Bare.Seconds)):F3} |"));
        if (!same)
        {
            Console.Error.WriteLine(
                Invariant($"{options.Architecture.Name}: the two did not train alike, so that their times do not compare. Losses of the last run: ")
                + Invariant($"{pairs[^1].Bare.Loss:R} of the bare core, {pairs[^1].Fit.Loss:R} of Fit."));
        }

        return same;
    }

    private static FittedTime Fit(MLContext context, IDataView rows, RecipeOptions options)
    {
        long start = Stopwatch.GetTimestamp();
        using ConvNetTransformer model = context.MulticlassClassification.Trainers.ConvNet(options.ForTrainer()).Fit(rows);
        return new FittedTime(Stopwatch.GetElapsedTime(start).TotalSeconds, model.TrainingReport[^1].Loss, model.Weights.ComputeHash());
    }

    /// <summary>What is done before the first step: reading all rows, and measuring what normalises them.</summary>
    private sealed record RowTimes(CachedDataset Samples, PixelNormalization Normalization, double Reading, double Measuring) : IDisposable
    {
        public static RowTimes Measure(IDataView rows, int threads)
        {
            VectorDataViewType type = (VectorDataViewType)rows.Schema["Image"].Type;
            int classes = (int)((KeyDataViewType)rows.Schema["Label"].Type).Count;
            long start = Stopwatch.GetTimestamp();
            CachedDataset samples = RowReading.Run(rows, new Shape([.. type.Dimensions]), classes, threads);
            long between = Stopwatch.GetTimestamp();
            PixelNormalization normalization = PixelNormalization.Measure(samples, threads);
            return new RowTimes(
                samples, normalization, Stopwatch.GetElapsedTime(start, between).TotalSeconds, Stopwatch.GetElapsedTime(between).TotalSeconds);
        }

        public void Dispose() => Samples.Dispose();
    }
}
