using System.Diagnostics;
using Microsoft.ML.ConvNet.Benchmarks.Fit;
using Microsoft.ML.ConvNet.Data;
using Microsoft.ML.ConvNet.Networks;
using Microsoft.ML.ConvNet.Tensors;
using Microsoft.ML.ConvNet.Training;
using Microsoft.ML.ConvNet.Zoo;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Benchmarks.Prefetching;

/// <summary>
/// Total seconds of a training on a folder of images, with batches read ahead, without, and as a training by itself finds out what is faster: through
/// ML.NET, which decodes each file once before the first step; by the same decoding and the core's training behind it; and by the core's training on
/// files that are decoded anew in each epoch, where there is most to be read.
/// </summary>
internal static class PrefetchBenchmark
{
    private const int Ahead = 2;

    /// <summary>Measures in turn and prints a table in Markdown; 1 where weights that should be the same are not.</summary>
    public static int Run(string[] arguments)
    {
        if (Arguments.Parse("prefetch", arguments, ["--data"], ["--size", "--epochs", "--runs", "--threads"]) is not { } given
            || given.Architectures("squeezenet") is not { } architectures)
        {
            return 2;
        }

        if (given.Text("--data") is not { } folder || !Directory.Exists(folder))
        {
            Console.Error.WriteLine($"prefetch takes --data, a folder with a subfolder of images a class. Received: {given.Text("--data") ?? "none"}");
            return 2;
        }

        Console.WriteLine("| architecture | training | images | epochs | decoding s | read ahead s | not read ahead s | by itself s | by itself / not (median) |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        bool same = true;
        foreach (Architecture architecture in architectures)
        {
            RecipeOptions options = new(architecture, given.Count("--epochs", 1), given.Count("--threads", Environment.ProcessorCount));
            same &= Print(folder, given.Count("--size", 64), options, given.Count("--runs", 3));
        }

        return same ? 0 : 1;
    }

    private static bool Print(string folder, int size, RecipeOptions options, int runs)
    {
        MLContext context = new(seed: 1);
        IDataView rows = ImageRows.Of(context, folder, size);
        ImageFileDataset files = FileReading.Of(folder, new Shape(size, size, 3));

        // Measuring would decode the files once more, and nothing is read ahead of it.
        PixelNormalization normalization = PixelNormalization.Measure(files, options.Threads);
        List<Times> all = [];
        bool same = true;

        // The first run compiles, and brings the files into memory; it does not count.
        for (int run = 0; run <= runs; run++)
        {
            bool aheadFirst = run % 2 == 0;
            FittedTime fit = Fit(context, rows, options);
            (FittedTime rowsAhead, FittedTime rowsOff, FittedTime rowsTried) = InTurn(aheadFirst, ahead => OfRows(rows, files, options, ahead));
            (FittedTime filesAhead, FittedTime filesOff, FittedTime filesTried) = InTurn(aheadFirst, ahead => Train(files, options, ahead, normalization));
            same &= AreSame("Fit and the core", fit, rowsAhead) & AreSame("rows read ahead and not", rowsAhead, rowsOff)
                & AreSame("files read ahead and not", filesAhead, filesOff) & AreSame("files read by either", filesOff, filesTried);
            if (run > 0)
            {
                all.Add(new Times(Decoding(rows, files, options), fit, rowsAhead, rowsOff, rowsTried, filesAhead, filesOff, filesTried));
            }
        }

        string Row(string training, Func<Times, double>? decoding, Func<Times, double>? ahead, Func<Times, double>? off, Func<Times, double> tried) =>
            Invariant($"| {options.Architecture.Name} | {training} | {files.Count} | {options.Epochs} | {Median(decoding)} | ")
            + $"{Median(ahead)} | {Median(off)} | {Median(tried)} | {Median(off is null ? null : times => tried(times) / off(times))} |";
        string Median(Func<Times, double>? value) => value is null ? "" : Invariant($"{FittedTime.Median(all.Select(value)):F3}");
        Console.WriteLine(Row("Fit", times => times.Decoding, ahead: null, off: null, times => times.Fit.Seconds));
        Console.WriteLine(Row(
            "rows decoded before, the core",
            times => times.Decoding,
            times => times.RowsAhead.Seconds,
            times => times.RowsOff.Seconds,
            times => times.RowsTried.Seconds));
        Console.WriteLine(Row(
            "files decoded in each epoch, the core",
            null,
            times => times.FilesAhead.Seconds,
            times => times.FilesOff.Seconds,
            times => times.FilesTried.Seconds));
        return same;
    }

    private static bool AreSame(string which, FittedTime one, FittedTime other)
    {
        bool same = one.Hash == other.Hash;
        if (!same)
        {
            Console.Error.WriteLine(
                Invariant($"{which}: trainings that should be the same gave different weights, so that their times do not compare: losses {one.Loss:R} and ")
                + Invariant($"{other.Loss:R}."));
        }

        return same;
    }

    private static (FittedTime Ahead, FittedTime Off, FittedTime Tried) InTurn(bool aheadFirst, Func<int?, FittedTime> train)
    {
        FittedTime? ahead = aheadFirst ? train(Ahead) : null;
        FittedTime off = train(0);
        FittedTime tried = train(null);
        return (ahead ?? train(Ahead), off, tried);
    }

    private static FittedTime Fit(MLContext context, IDataView rows, RecipeOptions options)
    {
        long start = Stopwatch.GetTimestamp();
        using ConvNetTransformer model = context.MulticlassClassification.Trainers.ConvNet(options.ForTrainer()).Fit(rows);
        return new FittedTime(Stopwatch.GetElapsedTime(start).TotalSeconds, model.TrainingReport[^1].Loss, model.Weights.ComputeHash());
    }

    private static FittedTime OfRows(IDataView rows, ImageFileDataset files, RecipeOptions options, int? ahead)
    {
        long start = Stopwatch.GetTimestamp();
        using CachedDataset samples = RowReading.Run(rows, files.Shape, files.ClassCount, options.Threads);
        FittedTime training = Train(samples, options, ahead);
        return training with { Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds };
    }

    private static double Decoding(IDataView rows, ImageFileDataset files, RecipeOptions options)
    {
        long start = Stopwatch.GetTimestamp();
        RowReading.Run(rows, files.Shape, files.ClassCount, options.Threads).Dispose();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static FittedTime Train(ImageDataset samples, RecipeOptions options, int? ahead, PixelNormalization? known = null)
    {
        long start = Stopwatch.GetTimestamp();
        NormalizedDataset normalized = new(samples, known ?? PixelNormalization.Measure(samples, options.Threads));
        Network network = options.Architecture.Create(samples.Shape, samples.ClassCount);
        TrainingResult result = NetworkTrainer.Train(network, normalized, options.ForCore() with { PrefetchedBatches = ahead });
        using Weights weights = result.Weights;
        return new FittedTime(Stopwatch.GetElapsedTime(start).TotalSeconds, result.Epochs[^1].Loss, weights.ComputeHash());
    }

    private sealed record Times(
        double Decoding,
        FittedTime Fit,
        FittedTime RowsAhead,
        FittedTime RowsOff,
        FittedTime RowsTried,
        FittedTime FilesAhead,
        FittedTime FilesOff,
        FittedTime FilesTried);
}
