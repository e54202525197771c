using Microsoft.ML.ConvNet.Benchmarks.Peers.LibTorch;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers.Goldens;

/// <summary>Writes the numbers of PyTorch that tests expect: they are computed here once, and stand in the tests' sources.</summary>
internal static class GoldensCommand
{
    private const int Threads = 2;
    private const int Success = 0;
    private const int BadUsage = 2;

    private static readonly Golden[] Goldens =
    [
        new("torchvision-scores", "test/Microsoft.ML.ConvNet.Core.Tests/Zoo/TorchvisionScores.cs", TorchvisionScores.Write),
        new("optimizers", "test/Microsoft.ML.ConvNet.Core.Tests/Training/Optimizers/PyTorchRuns.cs", OptimizerRuns.Write),
        new("schedules", "test/Microsoft.ML.ConvNet.Core.Tests/Training/Schedules/PyTorchFactors.cs", ScheduleFactors.Write),
        new("losses", "test/Microsoft.ML.ConvNet.Core.Tests/Training/Losses/PyTorchLosses.cs", LossGradients.Write),
    ];

    /// <summary>Writes those that the argument names, or all.</summary>
    /// <exception cref="PeerException">LibTorch does not load.</exception>
    public static int Run(string[] arguments)
    {
        Golden[] chosen = arguments.Length == 0 ? Goldens : [.. Goldens.Where(golden => golden.Name == arguments[0])];
        if (chosen.Length == 0 || arguments.Length > 1)
        {
            Console.Error.WriteLine(
                $"goldens takes one name of {string.Join(", ", Goldens.Select(golden => golden.Name))}, or none for all. "
                + $"Received: {string.Join(' ', arguments)}.");
            return BadUsage;
        }

        LibTorchLibrary.Load(Threads);
        foreach (Golden golden in chosen)
        {
            Console.WriteLine($"// {golden.File}");
            golden.Write(Console.Out);
        }

        return Success;
    }
}
