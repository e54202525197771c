using Microsoft.ML.ConvNet.Kernels.Convolution;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Normalization;

/// <summary>
/// Batch normalisation (Ioffe and Szegedy, 2015) of a matrix [rows, channels], rows = N H W: y = gamma (x - mean) / sqrt(variance + epsilon) + beta.
/// </summary>
/// <remarks>
/// Sums are formed in blocks of about 16,000 elements, in float32, each about the block's own mean, and combined in float64 (as in
/// Chan, Golub and LeVeque, 1979): the variance has a relative error near 1e-6 however large the mean, where x itself holds the digits.
/// </remarks>
internal static unsafe class BatchNormalization
{
    /// <summary>Channels that one item of a combining loop handles.</summary>
    internal const int CombinedChannels = 64;

    // The combining loops read whole vectors of at most this length.
    private const int Margin = 16;
    private const int BlockLength = 1 << 14;
    private const int MinimumBlockRows = 16;
    private const int SumsAChannel = 2;
    private const int FactorsAChannel = 3;

    /// <summary>The floats of workspace that <see cref="Statistics"/> and <see cref="Backward"/> need; it grows with the rows.</summary>
    public static nint WorkspaceLength(int rows, int channels) =>
        ((((nint)BlockCount(rows, channels) * SumsAChannel) + FactorsAChannel) * channels) + Margin;

    /// <summary>The mean of each channel and its biased variance, sum (x - mean)^2 / rows.</summary>
    public static void Statistics(WorkerGang gang, int rows, int channels, float* x, float* mean, float* variance, float* workspace)
    {
        int blocks = BlockCount(rows, channels);
        BatchStatisticsLoop statistics = new()
        {
            X = x,
            Sums = workspace,
            Rows = rows,
            Channels = channels,
            BlockRows = BlockRows(channels),
        };
        SimdLoop.For(gang, blocks, &statistics, 2L * rows * channels);
        BatchStatisticsCombination combination = new()
        {
            Sums = workspace,
            Mean = mean,
            Variance = variance,
            Rows = rows,
            Channels = channels,
            BlockRows = BlockRows(channels),
            Blocks = blocks,
        };
        SimdLoop.For(gang, CombinationItems(channels), &combination, 4L * blocks * channels);
    }

    /// <summary>
    /// y = f(gamma (x - mean) / sqrt(variance + epsilon) + beta + residual), f = max(0, .) or nothing; y may be x. The rows of x may be
    /// <paramref name="sourcePitch"/> floats apart, as those of some channels of a wider tensor; 0 where they lie one behind the other.
    /// </summary>
    public static void Normalize(
        WorkerGang gang,
        int rows,
        int channels,
        float* x,
        float* mean,
        float* variance,
        float* gamma,
        float* beta,
        float epsilon,
        in Epilogue epilogue,
        float* y,
        nint sourcePitch = 0)
    {
        long work = 2L * rows * channels;
        int parts = SimdLoop.Parts(gang, work, rows);
        BatchNormalizationLoop loop = new()
        {
            X = x,
            SourcePitch = sourcePitch == 0 ? channels : sourcePitch,
            Mean = mean,
            Variance = variance,
            Gamma = gamma,
            Beta = beta,
            Y = y,
            Residual = epilogue.Residual,
            Floor = epilogue.Floor,
            Epsilon = epsilon,
            Rows = rows,
            Channels = channels,
            Parts = parts,
        };
        SimdLoop.For(gang, parts, &loop, work);
    }

    /// <summary>
    /// running = (1 - momentum) running + momentum observed, where the observed variance is the unbiased estimate, variance rows / (rows - 1),
    /// as in PyTorch. With a single row there is no such estimate and the running variance stays.
    /// </summary>
    public static void UpdateRunning(
        int channels, int rows, float* mean, float* variance, float momentum, float* runningMean, float* runningVariance)
    {
        double unbiased = rows > 1 ? rows / (rows - 1.0) : 0.0;
        for (int c = 0; c < channels; c++)
        {
            runningMean[c] = (float)(((1.0 - momentum) * runningMean[c]) + (momentum * (double)mean[c]));
            if (rows > 1)
            {
                runningVariance[c] = (float)(((1.0 - momentum) * runningVariance[c]) + (momentum * unbiased * variance[c]));
            }
        }
    }

    /// <summary>
    /// The gradients: dbeta = sum dy; dgamma = sum dy (x - mean) / s; dx = gamma / s (dy - dbeta / rows - (x - mean) / s dgamma / rows), where
    /// s = sqrt(variance + epsilon) and mean and variance are those of <see cref="Statistics"/>. Any of dx, dgamma and dbeta may be null.
    /// dx may be dy.
    /// </summary>
    /// <param name="gang">The threads.</param>
    /// <param name="rows">N H W.</param>
    /// <param name="channels">The channels.</param>
    /// <param name="x">The input of the forward pass.</param>
    /// <param name="dy">The gradient of the output.</param>
    /// <param name="mean">The means of the batch, or the running ones.</param>
    /// <param name="variance">The biased variances of the batch, or the running ones.</param>
    /// <param name="gamma">The scales.</param>
    /// <param name="epsilon">What is added to the variances.</param>
    /// <param name="dx">The gradient of the input, or null.</param>
    /// <param name="dgamma">The gradient of the scales, or null.</param>
    /// <param name="dbeta">The gradient of the shifts, or null.</param>
    /// <param name="workspace">Memory of <see cref="WorkspaceLength"/> floats.</param>
    /// <param name="accumulate">Whether dx is added to what is there.</param>
    /// <param name="accumulateParameters">Whether dgamma and dbeta are added to what is there.</param>
    /// <param name="rectified">
    /// The output, where max(0, .) was applied to it: dy is replaced by the gradient of its argument. Null where nothing was.
    /// </param>
    /// <param name="fixedStatistics">Whether mean and variance are constants, as in inference: then dx = gamma / s dy.</param>
    public static void Backward(
        WorkerGang gang,
        int rows,
        int channels,
        float* x,
        float* dy,
        float* mean,
        float* variance,
        float* gamma,
        float epsilon,
        float* dx,
        float* dgamma,
        float* dbeta,
        float* workspace,
        bool accumulate,
        bool accumulateParameters = false,
        bool fixedStatistics = false,
        float* rectified = null)
    {
        int blocks = BlockCount(rows, channels);
        float* factors = workspace + ((nint)blocks * SumsAChannel * channels);
        BatchGradientSumsLoop sums = new()
        {
            X = x,
            Dy = dy,
            Rectified = rectified,
            Mean = mean,
            Sums = workspace,
            Rows = rows,
            Channels = channels,
            BlockRows = BlockRows(channels),
        };
        SimdLoop.For(gang, blocks, &sums, 2L * rows * channels);
        BatchGradientCombination combination = new()
        {
            Sums = workspace,
            Variance = variance,
            Gamma = gamma,
            Dgamma = dgamma,
            Dbeta = dbeta,
            Factors = factors,
            Epsilon = epsilon,
            Rows = rows,
            Channels = channels,
            Blocks = blocks,
            AccumulateParameters = accumulateParameters,
            FixedStatistics = fixedStatistics,
        };
        SimdLoop.For(gang, CombinationItems(channels), &combination, 4L * blocks * channels);
        if (dx == null)
        {
            return;
        }

        long work = 3L * rows * channels;
        int parts = SimdLoop.Parts(gang, work, rows);
        BatchGradientLoop gradient = new()
        {
            X = x,
            Dy = dy,
            Mean = mean,
            Factors = factors,
            Dx = dx,
            Rows = rows,
            Channels = channels,
            Parts = parts,
            Accumulate = accumulate,
        };
        SimdLoop.For(gang, parts, &gradient, work);
    }

    /// <summary>The rows of a block.</summary>
    internal static int BlockRows(int channels) => Math.Max(MinimumBlockRows, BlockLength / channels);

    /// <summary>The number of blocks.</summary>
    internal static int BlockCount(int rows, int channels) => Rounding.DivideUp(rows, BlockRows(channels));

    private static int CombinationItems(int channels) => Rounding.DivideUp(channels, CombinedChannels);
}
