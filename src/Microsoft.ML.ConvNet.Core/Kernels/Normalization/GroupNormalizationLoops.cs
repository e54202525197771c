using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Normalization;

/// <summary>An item: the mean of each channel of a block of rows of one sample, and the sum of the squared deviations from it.</summary>
internal unsafe struct GroupStatisticsLoop : ISimdTask
{
    /// <summary>The samples.</summary>
    public GroupedSamples Samples;

    /// <summary>Their numbers.</summary>
    public float* X;

    /// <summary>The results: [samples, blocks, 2, channels].</summary>
    public float* Sums;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int blocks = Samples.Blocks;
        int sample = item / blocks;
        new BatchStatisticsLoop
        {
            X = X + (sample * Samples.SampleLength),
            Sums = Sums + ((nint)sample * blocks * 2 * Samples.Channels),
            Rows = Samples.Rows,
            Channels = Samples.Channels,
            BlockRows = BatchNormalization.BlockRows(Samples.Channels),
        }.Run<TSimd, TVector>(item % blocks, scratch);
    }
}

/// <summary>An item: a part of the rows of one sample, normalised.</summary>
internal unsafe struct GroupNormalizationLoop : ISimdTask
{
    /// <summary>The samples.</summary>
    public GroupedSamples Samples;

    /// <summary>Their numbers.</summary>
    public float* X;

    /// <summary>The means [samples, channels].</summary>
    public float* Mean;

    /// <summary>The variances [samples, channels].</summary>
    public float* Variance;

    /// <summary>The scales.</summary>
    public float* Gamma;

    /// <summary>The shifts.</summary>
    public float* Beta;

    /// <summary>What is added to the variances.</summary>
    public float Epsilon;

    /// <summary>The least value of an output.</summary>
    public float Floor;

    /// <summary>The output.</summary>
    public float* Y;

    /// <summary>The items of a sample.</summary>
    public int Parts;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int sample = item / Parts;
        nint channels = (nint)sample * Samples.Channels;
        new BatchNormalizationLoop
        {
            X = X + (sample * Samples.SampleLength),
            SourcePitch = Samples.Channels,
            Mean = Mean + channels,
            Variance = Variance + channels,
            Gamma = Gamma,
            Beta = Beta,
            Y = Y + (sample * Samples.SampleLength),
            Floor = Floor,
            Epsilon = Epsilon,
            Rows = Samples.Rows,
            Channels = Samples.Channels,
            Parts = Parts,
        }.Run<TSimd, TVector>(item % Parts, scratch);
    }
}

/// <summary>An item: the sums of dy and of dy (x - mean) over a block of rows of one sample, channel by channel.</summary>
internal unsafe struct GroupGradientSumsLoop : ISimdTask
{
    /// <summary>The samples.</summary>
    public GroupedSamples Samples;

    /// <summary>Their numbers in the forward pass.</summary>
    public float* X;

    /// <summary>The gradient of the output.</summary>
    public float* Dy;

    /// <summary>The output of max(0, .), or null.</summary>
    public float* Rectified;

    /// <summary>The means [samples, channels].</summary>
    public float* Mean;

    /// <summary>The results: [samples, blocks, 2, channels].</summary>
    public float* Sums;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int blocks = Samples.Blocks;
        int sample = item / blocks;
        nint offset = sample * Samples.SampleLength;
        new BatchGradientSumsLoop
        {
            X = X + offset,
            Dy = Dy + offset,
            Rectified = Rectified == null ? null : Rectified + offset,
            Mean = Mean + ((nint)sample * Samples.Channels),
            Sums = Sums + ((nint)sample * blocks * 2 * Samples.Channels),
            Rows = Samples.Rows,
            Channels = Samples.Channels,
            BlockRows = BatchNormalization.BlockRows(Samples.Channels),
        }.Run<TSimd, TVector>(item % blocks, scratch);
    }
}

/// <summary>An item: dx of a part of the rows of one sample.</summary>
internal unsafe struct GroupGradientLoop : ISimdTask
{
    /// <summary>The samples.</summary>
    public GroupedSamples Samples;

    /// <summary>Their numbers in the forward pass.</summary>
    public float* X;

    /// <summary>The gradient of the output.</summary>
    public float* Dy;

    /// <summary>The means [samples, channels].</summary>
    public float* Mean;

    /// <summary>The factors [samples, 3, channels].</summary>
    public float* Factors;

    /// <summary>The gradient of the input.</summary>
    public float* Dx;

    /// <summary>Whether the result is added to what is there.</summary>
    public bool Accumulate;

    /// <summary>The items of a sample.</summary>
    public int Parts;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        int sample = item / Parts;
        nint offset = sample * Samples.SampleLength;
        nint channels = (nint)sample * Samples.Channels;
        new BatchGradientLoop
        {
            X = X + offset,
            Dy = Dy + offset,
            Mean = Mean + channels,
            Factors = Factors + (3 * channels),
            Dx = Dx + offset,
            Rows = Samples.Rows,
            Channels = Samples.Channels,
            Parts = Parts,
            Accumulate = Accumulate,
        }.Run<TSimd, TVector>(item % Parts, scratch);
    }
}
