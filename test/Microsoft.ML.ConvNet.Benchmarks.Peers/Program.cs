using Microsoft.ML.ConvNet.Benchmarks.Peers.Comparison;
using Microsoft.ML.ConvNet.Benchmarks.Peers.Goldens;
using Microsoft.ML.ConvNet.Benchmarks.Peers.Scoring;

namespace Microsoft.ML.ConvNet.Benchmarks.Peers;

/// <summary>The command line: one subcommand a purpose.</summary>
internal static class Program
{
    /// <summary>What the program ends with where a peer fails.</summary>
    public const int Failed = 1;

    private const int BadUsage = 2;

    private const string Usage =
        """
        Usage: Microsoft.ML.ConvNet.Benchmarks.Peers <command>
          compare [--only NAME]... [--json FILE] [--check]
                            the engine beside LibTorch and ONNX Runtime, as a table of times and their ratios; with --check the results
                            are compared and nothing is timed
          try NAME FORM     one form of LibTorch, contiguous or channels-last, does a work once: so compare sees whether it survives that
          score [NETWORK]...
                            rows and single predictions through ML.NET, beside the core alone and beside ML.NET's OnnxTransformer
          goldens [NAME]    what PyTorch computes from numbers that tests can make, too, as lines of C#
        """;

    private static int Main(string[] arguments)
    {
        try
        {
            switch (arguments.FirstOrDefault())
            {
                case "compare":
                    return ComparisonCommand.Run(arguments[1..]);
                case "try":
                    return FormTrial.Run(arguments[1..]);
                case "score":
                    return ScoringCommand.Run(arguments[1..]);
                case "goldens":
                    return GoldensCommand.Run(arguments[1..]);
                default:
                    Console.Error.WriteLine(Usage);
                    return BadUsage;
            }
        }
        catch (PeerException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return Failed;
        }
    }
}
