using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Normalization;

/// <summary>An item: a part of the rows, normalised.</summary>
internal unsafe struct LocalResponseLoop : ISimdTask
{
    /// <summary>The input.</summary>
    public float* X;

    /// <summary>The output.</summary>
    public float* Y;

    /// <summary>A block for each item.</summary>
    public float* Workspace;

    /// <summary>The numbers of the normalisation.</summary>
    public LocalResponse Response;

    /// <summary>How rows lie in a block.</summary>
    public LocalResponseLayout Layout;

    /// <summary>The rows.</summary>
    public int Rows;

    /// <summary>The number of items.</summary>
    public int Items;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        LocalResponseLayout layout = Layout;
        LocalResponseWindow<TSimd, TVector> window = new(Response, layout);
        float* squares = Workspace + (item * layout.BlockLength);
        new Span<float>(squares, (int)layout.BlockLength).Clear();
        int end = Share.End(Rows, item, Items);
        for (int row = Share.Start(Rows, item, Items); row < end; row += layout.Rows)
        {
            int count = Math.Min(layout.Rows, end - row);
            float* x = X + ((nint)row * layout.Channels);
            float* y = Y + ((nint)row * layout.Channels);
            window.Square(x, squares, count);
            for (int i = 0; i < count; i++)
            {
                window.Normalize(squares + ((nint)i * layout.Pitch), x, y);
                x += layout.Channels;
                y += layout.Channels;
            }
        }
    }
}

/// <summary>An item: the gradient of a part of the rows.</summary>
internal unsafe struct LocalResponseGradientLoop : ISimdTask
{
    /// <summary>The input of the forward pass.</summary>
    public float* X;

    /// <summary>The gradient of the output.</summary>
    public float* Dy;

    /// <summary>The gradient of the input.</summary>
    public float* Dx;

    /// <summary>Three blocks for each item.</summary>
    public float* Workspace;

    /// <summary>The numbers of the normalisation.</summary>
    public LocalResponse Response;

    /// <summary>How rows lie in a block.</summary>
    public LocalResponseLayout Layout;

    /// <summary>The rows.</summary>
    public int Rows;

    /// <summary>The number of items.</summary>
    public int Items;

    /// <summary>Whether the result is added to what is there.</summary>
    public bool Accumulate;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        LocalResponseLayout layout = Layout;
        LocalResponseWindow<TSimd, TVector> window = new(Response, layout);
        float* squares = Workspace + (3 * item * layout.BlockLength);
        float* shares = squares + layout.BlockLength;
        float* powers = shares + layout.BlockLength;
        new Span<float>(squares, 2 * (int)layout.BlockLength).Clear();
        int end = Share.End(Rows, item, Items);
        for (int row = Share.Start(Rows, item, Items); row < end; row += layout.Rows)
        {
            int count = Math.Min(layout.Rows, end - row);
            nint offset = (nint)row * layout.Channels;
            window.Square(X + offset, squares, count);
            for (int i = 0; i < count; i++)
            {
                nint at = (nint)i * layout.Pitch;
                nint from = offset + ((nint)i * layout.Channels);
                window.Share(squares + at, X + from, Dy + from, shares + at, powers + at);
            }

            for (int i = 0; i < count; i++)
            {
                nint at = (nint)i * layout.Pitch;
                nint from = offset + ((nint)i * layout.Channels);
                window.Gradient(shares + at, powers + at, X + from, Dy + from, Dx + from, Accumulate);
            }
        }
    }
}
