using System.Numerics;
using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Normalization;

/// <summary>An item: the statistics of some channels from those of the blocks, in float64.</summary>
/// <remarks>
/// With d the differences of the blocks' means from the first block's, which are small, the mean is the first block's plus
/// sum(n d) / rows, and the sum of squares about it sum(M + n d^2) - sum(n d)^2 / rows.
/// </remarks>
internal unsafe struct BatchStatisticsCombination : ISimdTask
{
    /// <summary>The blocks' means and sums of squares: [Blocks, 2, Channels].</summary>
    public float* Sums;

    /// <summary>The means.</summary>
    public float* Mean;

    /// <summary>The biased variances.</summary>
    public float* Variance;

    /// <summary>The rows of the matrix.</summary>
    public int Rows;

    /// <summary>The channels.</summary>
    public int Channels;

    /// <summary>The rows of a block.</summary>
    public int BlockRows;

    /// <summary>The number of blocks.</summary>
    public int Blocks;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int start = item * BatchNormalization.CombinedChannels;
        int end = Math.Min(start + BatchNormalization.CombinedChannels, Channels);
        for (int channel = start; channel < end; channel += Vector<float>.Count)
        {
            Combine(channel, Math.Min(Vector<float>.Count, end - channel));
        }
    }

    private readonly void Combine(int channel, int count)
    {
        float* sums = Sums + channel;
        Vector.Widen(Vector.Load(sums), out Vector<double> origin0, out Vector<double> origin1);
        Vector<double> shift0 = Vector<double>.Zero;
        Vector<double> shift1 = Vector<double>.Zero;
        Vector<double> squares0 = Vector<double>.Zero;
        Vector<double> squares1 = Vector<double>.Zero;
        for (int block = 0; block < Blocks; block++, sums += 2 * (nint)Channels)
        {
            Vector<double> rows = new(Math.Min(BlockRows, Rows - ((double)block * BlockRows)));
            Vector.Widen(Vector.Load(sums), out Vector<double> difference0, out Vector<double> difference1);
            Vector.Widen(Vector.Load(sums + Channels), out Vector<double> own0, out Vector<double> own1);
            difference0 -= origin0;
            difference1 -= origin1;
            Vector<double> weighted0 = rows * difference0;
            Vector<double> weighted1 = rows * difference1;
            shift0 += weighted0;
            shift1 += weighted1;
            squares0 += (weighted0 * difference0) + own0;
            squares1 += (weighted1 * difference1) + own1;
        }

        Vector<double> all = new(Rows);
        Vector<float> mean = Vector.Narrow(origin0 + (shift0 / all), origin1 + (shift1 / all));
        Vector<float> variance = Vector.Narrow(
            (squares0 - (shift0 * shift0 / all)) / all, (squares1 - (shift1 * shift1 / all)) / all);
        PartialVector.Store(mean, Mean + channel, count);
        variance = Vector.ConditionalSelect(Vector.LessThan(variance, Vector<float>.Zero), Vector<float>.Zero, variance);
        PartialVector.Store(variance, Variance + channel, count);
    }
}

/// <summary>
/// An item: the parameter gradients of some channels from the blocks' sums, in float64, and the three factors of
/// dx = a dy + b (x - mean) + c.
/// </summary>
internal unsafe struct BatchGradientCombination : ISimdTask
{
    /// <summary>The blocks' sums: [Blocks, 2, Channels].</summary>
    public float* Sums;

    /// <summary>The variances.</summary>
    public float* Variance;

    /// <summary>The scales.</summary>
    public float* Gamma;

    /// <summary>The gradient of the scales, or null.</summary>
    public float* Dgamma;

    /// <summary>The gradient of the shifts, or null.</summary>
    public float* Dbeta;

    /// <summary>The factors: [3, Channels].</summary>
    public float* Factors;

    /// <summary>What is added to the variances.</summary>
    public float Epsilon;

    /// <summary>The rows of the matrix.</summary>
    public int Rows;

    /// <summary>The channels.</summary>
    public int Channels;

    /// <summary>The number of blocks.</summary>
    public int Blocks;

    /// <summary>Whether the parameter gradients are added to what is there.</summary>
    public bool AccumulateParameters;

    /// <summary>Whether mean and variance do not depend on x.</summary>
    public bool FixedStatistics;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int start = item * BatchNormalization.CombinedChannels;
        int end = Math.Min(start + BatchNormalization.CombinedChannels, Channels);
        for (int channel = start; channel < end; channel += Vector<float>.Count)
        {
            Combine(channel, Math.Min(Vector<float>.Count, end - channel));
        }
    }

    private readonly void Combine(int channel, int count)
    {
        float* sums = Sums + channel;
        Vector<double> sum0 = Vector<double>.Zero;
        Vector<double> sum1 = Vector<double>.Zero;
        Vector<double> weighted0 = Vector<double>.Zero;
        Vector<double> weighted1 = Vector<double>.Zero;
        for (int block = 0; block < Blocks; block++, sums += 2 * (nint)Channels)
        {
            Vector.Widen(Vector.Load(sums), out Vector<double> first0, out Vector<double> first1);
            Vector.Widen(Vector.Load(sums + Channels), out Vector<double> second0, out Vector<double> second1);
            sum0 += first0;
            sum1 += first1;
            weighted0 += second0;
            weighted1 += second1;
        }

        Vector.Widen(PartialVector.Load(Variance + channel, count), out Vector<double> variance0, out Vector<double> variance1);
        Vector.Widen(PartialVector.Load(Gamma + channel, count), out Vector<double> gamma0, out Vector<double> gamma1);
        Vector<double> epsilon = new(Epsilon);
        Vector<double> inverse0 = Vector<double>.One / Vector.SquareRoot(variance0 + epsilon);
        Vector<double> inverse1 = Vector<double>.One / Vector.SquareRoot(variance1 + epsilon);
        Vector<double> dgamma0 = weighted0 * inverse0;
        Vector<double> dgamma1 = weighted1 * inverse1;
        PutParameter(Dgamma, channel, count, Vector.Narrow(dgamma0, dgamma1));
        PutParameter(Dbeta, channel, count, Vector.Narrow(sum0, sum1));

        Vector<double> scale0 = gamma0 * inverse0;
        Vector<double> scale1 = gamma1 * inverse1;
        Vector<double> share0 = FixedStatistics ? Vector<double>.Zero : -scale0 / new Vector<double>(Rows);
        Vector<double> share1 = FixedStatistics ? Vector<double>.Zero : -scale1 / new Vector<double>(Rows);
        float* factors = Factors + channel;
        PartialVector.Store(Vector.Narrow(scale0, scale1), factors, count);
        factors += Channels;
        PartialVector.Store(Vector.Narrow(share0 * inverse0 * dgamma0, share1 * inverse1 * dgamma1), factors, count);
        factors += Channels;
        PartialVector.Store(Vector.Narrow(share0 * sum0, share1 * sum1), factors, count);
    }

    private readonly void PutParameter(float* gradient, int channel, int count, Vector<float> value)
    {
        if (gradient != null)
        {
            float* to = gradient + channel;
            PartialVector.Store(AccumulateParameters ? PartialVector.Load(to, count) + value : value, to, count);
        }
    }
}

/// <summary>Reads and writes the first lanes of a vector of the runtime's width.</summary>
internal static unsafe class PartialVector
{
    /// <summary>The first <paramref name="count"/> lanes, zero in the others.</summary>
    public static Vector<float> Load(float* from, int count)
    {
        Vector<float> value = Vector<float>.Zero;
        Unsafe.CopyBlockUnaligned(&value, from, (uint)count * sizeof(float));
        return value;
    }

    /// <summary>Writes the first <paramref name="count"/> lanes.</summary>
    public static void Store(Vector<float> value, float* to, int count) =>
        Unsafe.CopyBlockUnaligned(to, &value, (uint)count * sizeof(float));
}
