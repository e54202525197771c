using Microsoft.ML.ConvNet.Kernels.Layout;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Regions;

/// <summary>An item: some channels of the gradient of an image, to which all boxes of the image give theirs.</summary>
internal unsafe struct RoiAlignmentGradientLoop : ISimdTask
{
    public RoiShape Shape;
    public int Samples;
    public bool Aligned;
    public bool IsMaximum;
    public float* Boxes;
    public float* Dy;
    public float* Indices;
    public float* Dx;
    public bool Accumulate;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        (int image, int part) = Math.DivRem(item, Shape.Parts);
        int first = part * RoiShape.PartChannels;
        int count = Math.Min(RoiShape.PartChannels, Shape.Channels - first);
        float* dx = Dx + (image * Shape.InputLength) + first;
        if (!Accumulate)
        {
            RoiPooling.Clear(Shape, dx, count);
        }

        nint output = (image * Shape.OutputLength) + first;
        for (int box = image * Shape.Boxes; box < (image + 1) * Shape.Boxes; box++)
        {
            RoiBins bins = new(Shape, Boxes + (4 * (nint)box), Samples, Aligned);
            for (int row = 0; row < Shape.OutputHeight; row++)
            {
                RoiSamples rows = bins.Rows(row);
                for (int column = 0; column < Shape.OutputWidth; column++, output += Shape.Channels)
                {
                    SpreadBin<TSimd, TVector>(output, dx, count, rows, bins.Columns(column));
                }
            }
        }
    }

    private readonly void SpreadBin<TSimd, TVector>(nint output, float* dx, nint channels, in RoiSamples rows, in RoiSamples columns)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        float divisor = IsMaximum ? 1 : RoiBins.Divisor(rows, columns);
        int sample = 0;
        for (int i = rows.From; i < rows.To; i++)
        {
            bool isRow = rows.TryTap(i, out ResizeTap row);
            for (int j = columns.From; j < columns.To; j++, sample += RoiCorners.Count)
            {
                if (!isRow || !columns.TryTap(j, out ResizeTap column))
                {
                    continue;
                }

                RoiCorners corners = new(Shape, row, column);
                for (int corner = 0; corner < RoiCorners.Count; corner++)
                {
                    Spread<TSimd, TVector>(
                        output, dx + corners.Position(corner), channels, corners.Weight(corner) / divisor, sample + corner);
                }
            }
        }
    }

    // Corners of a sample may be the same pixel, so that one is written before the next is read.
    private readonly void Spread<TSimd, TVector>(nint output, float* dx, nint channels, float weight, int index)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (weight == 0)
        {
            return;
        }

        TVector weights = TSimd.Create(weight);
        TVector here = TSimd.CreateBits(index);
        for (nint c = 0; c < channels; c += TSimd.Width)
        {
            nint count = nint.Min(TSimd.Width, channels - c);
            TVector gradient = TSimd.LoadPartial(Dy + output + c, count);
            if (IsMaximum)
            {
                TVector won = TSimd.EqualBits(TSimd.LoadPartial(Indices + output + c, count), here);
                gradient = TSimd.Select(won, gradient, TSimd.Zero);
            }

            TSimd.StorePartial(dx + c, TSimd.MultiplyAdd(gradient, weights, TSimd.LoadPartial(dx + c, count)), count);
        }
    }
}
