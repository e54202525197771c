using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Normalization;

/// <summary>
/// Local response normalisation (Krizhevsky, Sutskever and Hinton, 2012) of a matrix [rows, channels]: y = x s^-beta, where
/// s = k + alpha / size times the sum of the squares of <c>size</c> neighbouring channels.
/// </summary>
/// <remarks>
/// Each sum is formed anew from the squares in the order of the channels, which lie between zeros in a workspace: its bits depend
/// on these squares and on nothing else.
/// </remarks>
internal static unsafe class LocalResponseNormalization
{
    // The rows of a block are squared before the first sum is formed, so that no load waits for a store.
    private const int BlockLength = 1 << 11;
    private const int MaximumItems = 32;

    // Loads of whole vectors reach at most this far behind a row.
    private const int Margin = 16;
    private const long PowerWork = 4;

    /// <summary>The floats of workspace of <see cref="Forward"/>.</summary>
    public static nint WorkspaceLength(int rows, int channels, int size) =>
        (nint)Items(rows, channels) * LayoutOf(channels, size).BlockLength;

    /// <summary>The floats of workspace of <see cref="Backward"/>.</summary>
    public static nint BackwardWorkspaceLength(int rows, int channels, int size) => 3 * WorkspaceLength(rows, channels, size);

    /// <summary>y = x s^-beta; y may be x.</summary>
    public static void Forward(
        WorkerGang gang, int rows, int channels, in LocalResponse response, float* x, float* y, float* workspace)
    {
        int items = Items(rows, channels);
        LocalResponseLoop loop = new()
        {
            X = x,
            Y = y,
            Workspace = workspace,
            Response = response,
            Layout = LayoutOf(channels, response.Size),
            Rows = rows,
            Items = items,
        };
        SimdLoop.For(gang, items, &loop, PowerWork * rows * channels);
    }

    /// <summary>
    /// dx_j = dy_j s_j^-beta - 2 alpha beta / size x_j times the sum of dy_c x_c s_c^(-beta - 1) over the channels c whose sums hold j; or added
    /// to dx. dx is neither dy nor x.
    /// </summary>
    public static void Backward(
        WorkerGang gang, int rows, int channels, in LocalResponse response, float* x, float* dy, float* dx, bool accumulate, float* workspace)
    {
        int items = Items(rows, channels);
        LocalResponseGradientLoop loop = new()
        {
            X = x,
            Dy = dy,
            Dx = dx,
            Workspace = workspace,
            Response = response,
            Layout = LayoutOf(channels, response.Size),
            Rows = rows,
            Items = items,
            Accumulate = accumulate,
        };
        SimdLoop.For(gang, items, &loop, 2 * PowerWork * rows * channels);
    }

    private static int Items(int rows, int channels) =>
        (int)Math.Clamp(PowerWork * rows * channels / SimdLoop.SmallWork, 1, Math.Min(rows, MaximumItems));

    private static LocalResponseLayout LayoutOf(int channels, int size)
    {
        // What lies beyond all channels is zero.
        int before = Math.Min((size - 1) / 2, channels - 1);
        int after = Math.Min(size / 2, channels - 1);
        int pitch = channels + before + after;
        int rows = Math.Max(1, BlockLength / pitch);
        return new LocalResponseLayout(channels, before, after, pitch, rows, ((nint)rows * pitch) + Margin);
    }
}

/// <summary>The numbers of a local response normalisation.</summary>
/// <param name="Size">The channels of a sum.</param>
/// <param name="Alpha">The weight of the mean of their squares.</param>
/// <param name="Beta">The power that is divided by.</param>
/// <param name="K">What is added to the mean.</param>
internal readonly record struct LocalResponse(int Size, float Alpha, float Beta, float K);

/// <summary>How rows lie in a workspace, with zeros around them.</summary>
/// <param name="Channels">The numbers of a row.</param>
/// <param name="Before">The channels of a window before its own; the zeros before a row.</param>
/// <param name="After">The channels of a window after its own; the zeros behind a row.</param>
/// <param name="Pitch">Floats from a row to the next.</param>
/// <param name="Rows">The rows of a block.</param>
/// <param name="BlockLength">The floats of a block.</param>
internal readonly record struct LocalResponseLayout(int Channels, int Before, int After, int Pitch, int Rows, nint BlockLength);
