using System.Globalization;
using System.Text;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Zoo;

namespace Microsoft.ML.ConvNet.Benchmarks.Zoo;

/// <summary>Every architecture of the Zoo once at full size, scoring an image and training on two, as a table in Markdown.</summary>
internal static class ZooCheck
{
    /// <summary>Runs the check.</summary>
    /// <param name="arguments">[--only NAME]... [--out FILE].</param>
    public static int Run(string[] arguments)
    {
        List<Architecture> chosen = [];
        string? path = null;
        for (int i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--only" when i + 1 < arguments.Length && Architecture.TryGet(arguments[i + 1], out Architecture? architecture):
                    chosen.Add(architecture);
                    i++;
                    break;
                case "--out" when i + 1 < arguments.Length:
                    path = arguments[++i];
                    break;
                default:
                    Console.Error.WriteLine($"zoo takes [--only NAME]... [--out FILE], the names of architectures. Received: {string.Join(' ', arguments)}");
                    return 2;
            }
        }

        List<string> failures = [];
        StringBuilder table = new($"{ZooRow.Head}\n");
        Console.WriteLine(ZooRow.Head);
        foreach (Architecture architecture in chosen.Count > 0 ? chosen : Architecture.All)
        {
            string row = RowOf(architecture, failures);
            Console.WriteLine(row);
            table.Append(row).Append('\n');
        }

        foreach (string failure in failures)
        {
            Console.Error.WriteLine(failure);
        }

        if (path != null)
        {
            File.WriteAllText(path, $"{Introduction()}{table}");
        }

        return failures.Count == 0 ? 0 : 1;
    }

#pragma warning disable CA1031 // Whatever stops one architecture, the others are to be run, and the check to fail.
    private static string RowOf(Architecture architecture, List<string> failures)
    {
        try
        {
            return ZooRow.Measure(architecture).ToString();
        }
        catch (Exception exception)
        {
            failures.Add($"{architecture.Name}: {exception.Message}");
            return $"| {architecture.Name} | failed |";
        }
        finally
        {
            GC.Collect();
        }
    }
#pragma warning restore CA1031

    private static string Introduction() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        # The Zoo at full size

        Every architecture with the images and the classes that it was made for, run once by `build/zoo.sh` on {Environment.ProcessorCount} processors with
        vectors of {SimdTier.Width * 32} bits. "plan" is the time from the network to a model that is ready to score: planning, folding and packing of weights. "image"
        is the median time of one image. The training step is one of momentum SGD on {ZooRow.TrainingBatch} random images, with random weights; "loss" is its loss.
        "MB" is the native memory of scoring and of training, in millions of bytes: weights, packed weights, activations, gradients, the
        optimizer's state and working memory. Multiply-adds are those of convolutions and products.
        `convnet zoo` has the papers and what they published.


        """);
}
