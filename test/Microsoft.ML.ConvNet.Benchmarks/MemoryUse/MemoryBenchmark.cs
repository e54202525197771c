using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Microsoft.ML.ConvNet.Benchmarks.Fit;
using Microsoft.ML.ConvNet.Data;
using static System.FormattableString;

namespace Microsoft.ML.ConvNet.Benchmarks.MemoryUse;

/// <summary>
/// The most memory that a process takes to train a small network on a folder of images, in a process of its own that does nothing else; of several
/// epochs also what is in use at the end of each.
/// </summary>
internal static class MemoryBenchmark
{
    private const double GoalInMegabytes = 1000;

    /// <summary>Measures and prints; 1 where the process that trains fails.</summary>
    public static int Run(string[] arguments)
    {
        if (Arguments.Parse("memory", arguments, ["--data"], ["--images", "--size", "--epochs"]) is not { } given)
        {
            return 2;
        }

        int size = given.Count("--size", 64);
        int epochs = given.Count("--epochs", 1);
        if (given.Text("--data") is { } folder)
        {
            Train(folder, size, epochs);
            return 0;
        }

        long start = Stopwatch.GetTimestamp();
        int count = given.Count("--images", 200_000);
        using PatternImages images = new(count, size);
        Console.WriteLine(Invariant($"{count} files of {size}x{size} pixels were made in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s."));
        return TrainApart(images.Folder, size, epochs) ? 0 : 1;
    }

    private static void Train(string folder, int size, int epochs)
    {
        MLContext context = new(seed: 1);
        IDataView rows = ImageRows.Of(context, folder, size);
        long start = Stopwatch.GetTimestamp();
        using ConvNetTransformer model = context.MulticlassClassification.Trainers.ConvNet(new ConvNetMulticlassTrainer.Options
        {
            FeatureColumnName = "Image",
            NetworkBuilder = (input, classes) =>
                input.Conv(8, 3, stride: 2, padding: 1).Relu().MaxPool(2).Conv(16, 3, padding: 1).Relu().GlobalAvgPool().Dense(classes).Softmax(),
            Epoch = epochs,
            Seed = 1,

            // It collects garbage, which would make the peak of one epoch smaller than it is.
            Callbacks = epochs > 1 ? [new EpochMemory()] : [],
        }).Fit(rows);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double peak = ResidentMemory.Peak();
        int images = ImageFolder.ForTraining(folder).Images.Count;
        Console.WriteLine(Invariant($"{images} images, epochs {epochs}: {seconds:F1} s, peak of the resident memory {peak:F0} MB; ")
            + Invariant($"the goal for 200000 images is under {GoalInMegabytes:F0} MB."));
    }

    private static bool TrainApart(string folder, int size, int epochs)
    {
        string[] arguments =
        [
            "memory", "--data", folder, "--size", size.ToString(CultureInfo.InvariantCulture), "--epochs", epochs.ToString(CultureInfo.InvariantCulture),
        ];

        // The program is started by its host, or is a file that dotnet runs.
        string host = Environment.ProcessPath!;
        string[] all = Path.GetFileNameWithoutExtension(host) == "dotnet" ? [Assembly.GetExecutingAssembly().Location, .. arguments] : arguments;
        using Process process = Process.Start(new ProcessStartInfo(host, all))!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            Console.Error.WriteLine(Invariant($"The process that trains ended with exit code {process.ExitCode}."));
        }

        return process.ExitCode == 0;
    }
}
