namespace Microsoft.ML.ConvNet.Core.Tests.Zoo;

/// <summary>
/// Numbers for the parameters of a network and for an image that follow from names and positions alone, so that two programs have the same
/// without passing them. The benchmarks of the peers compile this file, too.
/// </summary>
internal static class HashedNumbers
{
    private const string ImageName = "image";

    /// <summary>
    /// Fills a parameter, in PyTorch's name, shape and order. Convolutions and products have the variance 2 / inputs of He et al. (2015),
    /// scales and running statistics are near those of a trained network, so that every number matters to the output and none drowns the
    /// others.
    /// </summary>
    public static void FillParameter(string name, IReadOnlyList<int> shape, Span<float> numbers)
    {
        Fill(name, numbers);
        if (shape.Count >= 2)
        {
            float range = MathF.Sqrt(6f * shape[0] / numbers.Length);
            Change(numbers, number => range * number);
        }
        else if (name.EndsWith(".running_var", StringComparison.Ordinal))
        {
            Change(numbers, number => 1 + (0.3f * MathF.Abs(number)));
        }
        else if (name.EndsWith(".weight", StringComparison.Ordinal))
        {
            Change(numbers, number => 1 + (0.2f * number));
        }
        else
        {
            Change(numbers, number => 0.2f * number);
        }
    }

    /// <summary>Fills an image, [C, H, W], with numbers of mean 0 and variance 1.</summary>
    public static void FillImage(Span<float> numbers)
    {
        Fill(ImageName, numbers);
        float range = MathF.Sqrt(3);
        Change(numbers, number => range * number);
    }

    /// <summary>Fills with numbers of [-1, 1): a hash of the name (FNV-1a) and the position, mixed as MurmurHash3 does in the end.</summary>
    public static void Fill(string name, Span<float> numbers)
    {
        uint seed = 2166136261;
        foreach (char letter in name)
        {
            seed = (seed ^ letter) * 16777619;
        }

        for (int i = 0; i < numbers.Length; i++)
        {
            uint hash = seed + ((uint)i * 0x9E3779B9);
            hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
            hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
            hash ^= hash >> 16;
            numbers[i] = ((hash >> 8) * (2f / (1 << 24))) - 1;
        }
    }

    private static void Change(Span<float> numbers, Func<float, float> change)
    {
        foreach (ref float number in numbers)
        {
            number = change(number);
        }
    }
}
