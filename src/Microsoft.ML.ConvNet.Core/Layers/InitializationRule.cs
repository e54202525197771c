using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Layers;

/// <summary>Fills parameters with their initial values.</summary>
internal static class InitializationRule
{
    /// <summary>Fills a parameter; the values depend on the seed and the parameter's number only.</summary>
    public static void Fill(LayerParameter parameter, Span<float> values, ulong seed, int parameterIndex)
    {
        RandomStream random = new(seed, RandomPurpose.Initialization, (uint)parameterIndex);
        double fanIn = parameter.FanIn;
        double fanSum = fanIn + parameter.FanOut;
        switch (parameter.Initialization)
        {
            case Initialization.HeNormal:
                FillNormal(values, Math.Sqrt(2 / fanIn), ref random);
                break;
            case Initialization.HeUniform:
                FillUniform(values, Math.Sqrt(6 / fanIn), ref random);
                break;
            case Initialization.GlorotNormal:
                FillNormal(values, Math.Sqrt(2 / fanSum), ref random);
                break;
            case Initialization.GlorotUniform:
                FillUniform(values, Math.Sqrt(6 / fanSum), ref random);
                break;
            case Initialization.Ones:
                values.Fill(1);
                break;
            case Initialization.Zeros:
                values.Clear();
                break;
            default:
                throw new ArgumentOutOfRangeException(
                    nameof(parameter), parameter.Initialization, $"Parameter \"{parameter.Name}\" has no such initialization.");
        }

        for (int i = 0; parameter.Scale != 1 && i < values.Length; i++)
        {
            values[i] *= parameter.Scale;
        }
    }

    private static void FillNormal(Span<float> values, double deviation, ref RandomStream random)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(deviation * random.NextNormal());
        }
    }

    private static void FillUniform(Span<float> values, double limit, ref RandomStream random)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = random.NextSingle((float)-limit, (float)limit);
        }
    }
}
