using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.ConvNet.Benchmarks.Fit;
using Microsoft.ML.ConvNet.Layers;
using Microsoft.ML.ConvNet.Zoo;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Benchmarks.Cancelling;

/// <summary>
/// How long a training goes on when it was cancelled, at random moments from its beginning through the reading of rows to the end of an epoch, on MNIST
/// and on a folder of images.
/// </summary>
internal static class CancelBenchmark
{
    private const double GoalInMilliseconds = 1000;
    private const int DrawnImages = 2000;

    /// <summary>Measures and prints a table in Markdown; 1 where a training gave no model though it had begun.</summary>
    public static int Run(string[] arguments)
    {
        if (Arguments.Parse("cancel", arguments, ["--data"], ["--size", "--rows", "--cancels", "--seed", "--threads"]) is not { } given
            || given.Architectures("lenet5", "resnet20") is not { } architectures)
        {
            return 2;
        }

        MLContext context = new(seed: 1);
        int size = given.Count("--size", 64);
        using PatternImages? drawn = given.Text("--data") is null ? new PatternImages(given.Count("--rows", DrawnImages), size) : null;
        List<(string Name, IDataView Rows)> sets = [("images", ImageRows.Of(context, given.Text("--data") ?? drawn!.Folder, size))];
        string? mnist = BenchmarkData.Folder("mnist");
        if (mnist is not null)
        {
            IDataView rows = context.Data.LoadFromIdx(mnist);
            sets.Insert(0, ("mnist", given.Text("--rows") is null ? rows : context.Data.Cache(context.Data.TakeRows(rows, given.Count("--rows", 0)))));
        }

        Console.WriteLine("| architecture | rows | cancelled | times | models | median ms | worst ms |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        bool asPromised = true;
        foreach (Architecture architecture in architectures)
        {
            foreach ((string name, IDataView rows) in sets)
            {
                asPromised &= Print(context, architecture, name, rows, given);
            }
        }

        Console.WriteLine(Invariant($"The goal is under {GoalInMilliseconds:F0} ms."));
        return asPromised && mnist is not null ? 0 : 1;
    }

    private static bool Print(MLContext context, Architecture architecture, string name, IDataView rows, Arguments given)
    {
        int threads = given.Count("--threads", Environment.ProcessorCount);
        Random random = new(given.Count("--seed", 1));
        TimeSpan whole;
        try
        {
            whole = OfOneEpoch(context, architecture, rows, threads);
        }
        catch (NetworkDefinitionException exception)
        {
            Console.Error.WriteLine($"{architecture.Name} is not for {name}: {exception.Message}");
            return true;
        }

        List<CancelledFit> fits = [];
        for (int i = 0; i < given.Count("--cancels", 20); i++)
        {
            fits.Add(CancelledFit.Run(context, rows, architecture, threads, random.NextDouble() * whole));
        }

        foreach ((string when, CancelledFit[] part) in new[]
        {
            ("before the first batch", fits.Where(fit => !fit.HasBegun).ToArray()), ("while it learns", [.. fits.Where(fit => fit.HasBegun)]),
        })
        {
            string times = part.Length == 0 ? " | "
                : Invariant($"{FittedTime.Median(part.Select(fit => fit.Milliseconds)):F1} | {part.Max(fit => fit.Milliseconds):F1}");
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {architecture.Name} | {name} | {when} | {part.Length} | {part.Count(fit => fit.HasModel)} | {times} |"));
        }

        if (fits.TrueForAll(fit => fit.IsAsPromised))
        {
            return true;
        }

        Console.Error.WriteLine($"{architecture.Name} on {name}: a training that had begun gave no model, or one with weights that are not finite.");
        return false;
    }

    // The second time: what is compiled at the first is no part of the moments.
    private static TimeSpan OfOneEpoch(MLContext context, Architecture architecture, IDataView rows, int threads)
    {
        TimeSpan time = TimeSpan.Zero;
        for (int run = 0; run < 2; run++)
        {
            long start = Stopwatch.GetTimestamp();
            context.MulticlassClassification.Trainers.ConvNet(new RecipeOptions(architecture, Epochs: 1, threads).ForTrainer()).Fit(rows).Dispose();
            time = Stopwatch.GetElapsedTime(start);
        }

        return time;
    }
}
