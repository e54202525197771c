using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Normalization;

/// <summary>
/// Group normalisation (Wu and He, 2018) of samples [rows, channels], whose channels are divided into groups of neighbours:
/// y = gamma (x - mean) / sqrt(variance + epsilon) + beta, with mean and variance over a group of one sample.
/// </summary>
/// <remarks>
/// Sums are formed as in <see cref="BatchNormalization"/>, in blocks of rows of one sample, channel by channel in float32; blocks and
/// channels are combined in float64. The means and variances of the groups are then written once for every channel.
/// </remarks>
internal static unsafe class GroupNormalization
{
    private const int SumsAChannel = 2;
    private const int FactorsAChannel = 3;

    /// <summary>The floats of workspace of <see cref="Statistics"/>.</summary>
    public static nint WorkspaceLength(in GroupedSamples samples) =>
        (nint)samples.Count * samples.Blocks * SumsAChannel * samples.Channels;

    /// <summary>The floats of workspace of <see cref="Backward"/>.</summary>
    public static nint BackwardWorkspaceLength(in GroupedSamples samples) =>
        WorkspaceLength(samples) + ((nint)samples.Count * FactorsAChannel * samples.Channels);

    /// <summary>
    /// The mean and the biased variance of each group of each sample, repeated for its channels: [count, channels] each.
    /// </summary>
    public static void Statistics(
        WorkerGang gang, in GroupedSamples samples, float* x, float* mean, float* variance, float* workspace)
    {
        GroupStatisticsLoop statistics = new() { Samples = samples, X = x, Sums = workspace };
        SimdLoop.For(gang, samples.Count * samples.Blocks, &statistics, 2 * samples.Length);
        GroupStatisticsCombination combination = new() { Samples = samples, Sums = workspace, Mean = mean, Variance = variance };
        SimdLoop.For(gang, samples.Count * samples.Groups, &combination, 4L * samples.Count * samples.Blocks * samples.Channels);
    }

    /// <summary>
    /// y = f(gamma (x - mean) / sqrt(variance + epsilon) + beta), f = max(0, .) where <paramref name="isRectified"/>; y may be x.
    /// </summary>
    public static void Normalize(
        WorkerGang gang,
        in GroupedSamples samples,
        float* x,
        float* mean,
        float* variance,
        float* gamma,
        float* beta,
        float epsilon,
        bool isRectified,
        float* y)
    {
        int parts = Parts(gang, samples, 2 * samples.Length);
        GroupNormalizationLoop loop = new()
        {
            Samples = samples,
            X = x,
            Mean = mean,
            Variance = variance,
            Gamma = gamma,
            Beta = beta,
            Epsilon = epsilon,
            Floor = isRectified ? 0 : float.NegativeInfinity,
            Y = y,
            Parts = parts,
        };
        SimdLoop.For(gang, samples.Count * parts, &loop, 2 * samples.Length);
    }

    /// <summary>
    /// The gradients, with s = sqrt(variance + epsilon) and h = (x - mean) / s: dbeta = sum dy and dgamma = sum dy h, over samples and rows;
    /// dx = (gamma dy - m1 - h m2) / s, where m1 and m2 are the means of gamma dy and gamma dy h over the group. Any of dx, dgamma and dbeta may be
    /// null; dx may be dy.
    /// </summary>
    /// <param name="gang">The threads.</param>
    /// <param name="samples">The samples.</param>
    /// <param name="x">The input of the forward pass.</param>
    /// <param name="dy">The gradient of the output.</param>
    /// <param name="mean">The means of <see cref="Statistics"/>.</param>
    /// <param name="variance">The variances of <see cref="Statistics"/>.</param>
    /// <param name="gamma">The scales.</param>
    /// <param name="epsilon">What is added to the variances.</param>
    /// <param name="rectified">
    /// The output, where max(0, .) was applied to it: dy is replaced by the gradient of its argument. Null where nothing was.
    /// </param>
    /// <param name="gradients">Where the gradients go.</param>
    /// <param name="workspace">Memory of <see cref="BackwardWorkspaceLength"/> floats.</param>
    public static void Backward(
        WorkerGang gang,
        in GroupedSamples samples,
        float* x,
        float* dy,
        float* mean,
        float* variance,
        float* gamma,
        float epsilon,
        float* rectified,
        in GroupNormalizationGradients gradients,
        float* workspace)
    {
        float* factors = workspace + WorkspaceLength(samples);
        GroupGradientSumsLoop sums = new() { Samples = samples, X = x, Dy = dy, Rectified = rectified, Mean = mean, Sums = workspace };
        SimdLoop.For(gang, samples.Count * samples.Blocks, &sums, 2 * samples.Length);

        long combined = 4L * samples.Count * samples.Blocks * samples.Channels;
        GroupParameterCombination parameters = new()
        {
            Samples = samples,
            Sums = workspace,
            Variance = variance,
            Epsilon = epsilon,
            Gradients = gradients,
        };
        SimdLoop.For(gang, GroupParameterCombination.ItemsOf(samples.Channels), &parameters, combined);
        if (gradients.Dx == null)
        {
            return;
        }

        GroupFactorCombination combination = new()
        {
            Samples = samples,
            Sums = workspace,
            Variance = variance,
            Gamma = gamma,
            Epsilon = epsilon,
            Factors = factors,
        };
        SimdLoop.For(gang, samples.Count * samples.Groups, &combination, combined);
        int parts = Parts(gang, samples, 3 * samples.Length);
        GroupGradientLoop gradient = new()
        {
            Samples = samples,
            X = x,
            Dy = dy,
            Mean = mean,
            Factors = factors,
            Dx = gradients.Dx,
            Accumulate = gradients.Accumulate,
            Parts = parts,
        };
        SimdLoop.For(gang, samples.Count * parts, &gradient, 3 * samples.Length);
    }

    // Into how many parts each sample is divided where a loop has no sums: none that leave a thread without work.
    private static int Parts(WorkerGang gang, in GroupedSamples samples, long work) =>
        samples.Count >= gang.Size ? 1 : SimdLoop.Parts(gang, work, samples.Rows);
}

/// <summary>Samples whose channels are divided into groups.</summary>
/// <param name="Count">The samples.</param>
/// <param name="Rows">The positions of a sample.</param>
/// <param name="Channels">The channels of a position.</param>
/// <param name="Groups">The groups, of neighbouring channels and equal size.</param>
internal readonly record struct GroupedSamples(int Count, int Rows, int Channels, int Groups)
{
    /// <summary>The channels of a group.</summary>
    public int GroupChannels => Channels / Groups;

    /// <summary>The blocks of rows whose sums are formed in float32.</summary>
    public int Blocks => BatchNormalization.BlockCount(Rows, Channels);

    /// <summary>The floats of a sample.</summary>
    public nint SampleLength => (nint)Rows * Channels;

    /// <summary>The floats of all samples.</summary>
    public long Length => (long)Count * SampleLength;
}

/// <summary>Where the gradients of a group normalisation go; null where one is not asked for.</summary>
internal unsafe struct GroupNormalizationGradients
{
    /// <summary>By the input.</summary>
    public float* Dx;

    /// <summary>By the scales.</summary>
    public float* Dgamma;

    /// <summary>By the shifts.</summary>
    public float* Dbeta;

    /// <summary>Whether the gradient by the input is added to what is there.</summary>
    public bool Accumulate;
}
