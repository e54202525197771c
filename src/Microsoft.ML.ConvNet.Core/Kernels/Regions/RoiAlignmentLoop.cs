using Microsoft.ML.ConvNet.Kernels.Layout;
using Microsoft.ML.ConvNet.Kernels.Pooling;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Regions;

/// <summary>An item: one row of bins of a box.</summary>
internal unsafe struct RoiAlignmentLoop : ISimdTask
{
    private const int NoIndex = -1;

    public RoiShape Shape;
    public int Samples;
    public bool Aligned;
    public bool IsMaximum;
    public float* X;
    public float* Boxes;
    public float* Y;
    public float* Indices;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        (int box, int row) = Math.DivRem(item, Shape.OutputHeight);
        RoiBins bins = new(Shape, Boxes + (4 * (nint)box), Samples, Aligned);
        RoiSamples rows = bins.Rows(row);
        float* x = X + (box / Shape.Boxes * Shape.InputLength);
        nint output = (nint)item * Shape.OutputWidth * Shape.Channels;
        for (int column = 0; column < Shape.OutputWidth; column++, output += Shape.Channels)
        {
            RoiSamples columns = bins.Columns(column);
            if (IsMaximum)
            {
                Maximum<TSimd, TVector>(x, rows, columns, output);
            }
            else
            {
                Mean<TSimd, TVector>(x, rows, columns, Y + output);
            }
        }
    }

    private readonly void Mean<TSimd, TVector>(float* x, in RoiSamples rows, in RoiSamples columns, float* y)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint channels = Shape.Channels;
        new Span<float>(y, Shape.Channels).Clear();
        for (int i = rows.From; i < rows.To; i++)
        {
            if (!rows.TryTap(i, out ResizeTap row))
            {
                continue;
            }

            for (int j = columns.From; j < columns.To; j++)
            {
                if (columns.TryTap(j, out ResizeTap column))
                {
                    Add<TSimd, TVector>(x, new RoiCorners(Shape, row, column), y);
                }
            }
        }

        TVector divisor = TSimd.Create(RoiBins.Divisor(rows, columns));
        for (nint c = 0; c < channels; c += TSimd.Width)
        {
            nint count = nint.Min(TSimd.Width, channels - c);
            TSimd.StorePartial(y + c, TSimd.Divide(TSimd.LoadPartial(y + c, count), divisor), count);
        }
    }

    private readonly void Add<TSimd, TVector>(float* x, in RoiCorners corners, float* y)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float* x0 = x + corners.Position(0);
        float* x1 = x + corners.Position(1);
        float* x2 = x + corners.Position(2);
        float* x3 = x + corners.Position(3);
        TVector weight0 = TSimd.Create(corners.Weight(0));
        TVector weight1 = TSimd.Create(corners.Weight(1));
        TVector weight2 = TSimd.Create(corners.Weight(2));
        TVector weight3 = TSimd.Create(corners.Weight(3));
        nint channels = Shape.Channels;
        nint c = 0;
        for (; c <= channels - TSimd.Width; c += TSimd.Width)
        {
            TVector sum = TSimd.Multiply(TSimd.Load(x0 + c), weight0);
            sum = TSimd.MultiplyAdd(TSimd.Load(x1 + c), weight1, sum);
            sum = TSimd.MultiplyAdd(TSimd.Load(x2 + c), weight2, sum);
            sum = TSimd.MultiplyAdd(TSimd.Load(x3 + c), weight3, sum);
            TSimd.Store(y + c, TSimd.Add(TSimd.Load(y + c), sum));
        }

        if (c < channels)
        {
            nint rest = channels - c;
            TVector sum = TSimd.Multiply(TSimd.LoadPartial(x0 + c, rest), weight0);
            sum = TSimd.MultiplyAdd(TSimd.LoadPartial(x1 + c, rest), weight1, sum);
            sum = TSimd.MultiplyAdd(TSimd.LoadPartial(x2 + c, rest), weight2, sum);
            sum = TSimd.MultiplyAdd(TSimd.LoadPartial(x3 + c, rest), weight3, sum);
            TSimd.StorePartial(y + c, TSimd.Add(TSimd.LoadPartial(y + c, rest), sum), rest);
        }
    }

    // Samples outside the image are zeros, which nothing is passed back to.
    private readonly void Maximum<TSimd, TVector>(float* x, in RoiSamples rows, in RoiSamples columns, nint output)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint channels = Shape.Channels;
        long inside = (long)Inside(rows) * Inside(columns);
        float start = inside == 0 || inside < rows.Total * columns.Total ? 0 : float.NegativeInfinity;
        for (nint c = 0; c < channels; c += TSimd.Width)
        {
            nint count = nint.Min(TSimd.Width, channels - c);
            TVector best = TSimd.Create(start);
            TVector index = TSimd.CreateBits(NoIndex);
            int sample = 0;
            for (int i = rows.From; i < rows.To; i++)
            {
                bool isRow = rows.TryTap(i, out ResizeTap row);
                for (int j = columns.From; j < columns.To; j++, sample += RoiCorners.Count)
                {
                    if (isRow && columns.TryTap(j, out ResizeTap column))
                    {
                        Larger<TSimd, TVector>(x + c, new RoiCorners(Shape, row, column), count, sample, ref best, ref index);
                    }
                }
            }

            TSimd.StorePartial(Y + output + c, best, count);
            if (Indices != null)
            {
                TSimd.StorePartial(Indices + output + c, index, count);
            }
        }
    }

    private static void Larger<TSimd, TVector>(
        float* x, in RoiCorners corners, nint count, int sample, ref TVector best, ref TVector index)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        for (int corner = 0; corner < RoiCorners.Count; corner++)
        {
            TVector value = TSimd.Multiply(
                TSimd.LoadPartial(x + corners.Position(corner), count), TSimd.Create(corners.Weight(corner)));
            TVector larger = MaxPoolingLoop.Larger<TSimd, TVector>(value, best);
            index = TSimd.Select(TSimd.EqualBits(larger, best), index, TSimd.CreateBits(sample + corner));
            best = larger;
        }
    }

    private static int Inside(in RoiSamples samples)
    {
        int count = 0;
        for (int i = samples.From; i < samples.To; i++)
        {
            count += samples.TryTap(i, out _) ? 1 : 0;
        }

        return count;
    }
}
