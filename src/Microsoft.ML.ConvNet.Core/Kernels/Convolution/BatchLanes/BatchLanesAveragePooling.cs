using Microsoft.ML.ConvNet.Kernels.Pooling;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Convolution.BatchLanes;

/// <summary>
/// Average pooling of a chunk: from the convolution's results [rows, W, channels][lane] of one part of the channels to the output, and
/// back. The sums have the order of <see cref="AveragePooling"/>.
/// </summary>
internal static unsafe class BatchLanesAveragePooling
{
    /// <summary>Takes the mean of each window; its rows are summed first, then their sums.</summary>
    public static void Forward<TSimd, TVector>(
        in PoolingShape s, in BatchLanesChunk chunk, int channels, float* values, float* y, nint rowPitch, nint pixelPitch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint pixel = channels * TSimd.Width;
        nint valuesRow = s.InputWidth * pixel;
        for (int row = chunk.FirstOutput; row < chunk.EndOutput; row++, y += rowPitch)
        {
            (int top, int bottom) = s.RowsOf(row);
            float* from = values + ((top - chunk.From) * valuesRow);
            for (int column = 0; column < s.OutputWidth; column++)
            {
                (int left, int right) = s.ColumnsOf(column);
                TVector divisor = TSimd.Create(s.DivisorOf(row, column, bottom - top, right - left));
                for (nint c = 0; c < pixel; c += TSimd.Width)
                {
                    TVector total = TSimd.Zero;
                    float* line = from + (left * pixel) + c;
                    for (int h = bottom - top; h > 0; h--, line += valuesRow)
                    {
                        TVector sum = TSimd.Zero;
                        float* at = line;
                        for (int w = right - left; w > 0; w--, at += pixel)
                        {
                            sum = TSimd.Add(sum, TSimd.Load(at));
                        }

                        total = TSimd.Add(total, sum);
                    }

                    TSimd.Store(y + (column * pixelPitch) + c, TSimd.Divide(total, divisor));
                }
            }
        }
    }

    /// <summary>Gives every number of a window its share of the window's gradient.</summary>
    public static void Backward<TSimd, TVector>(
        in PoolingShape s, in BatchLanesChunk chunk, int channels, float* gradient, nint pixelPitch, float* values)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint pixel = channels * TSimd.Width;
        nint valuesRow = s.InputWidth * pixel;
        Clear(s, chunk, pixel, values);
        for (int row = chunk.FirstOutput; row < chunk.EndOutput; row++)
        {
            (int top, int bottom) = s.RowsOf(row);
            float* to = values + ((top - chunk.From) * valuesRow);
            for (int column = 0; column < s.OutputWidth; column++, gradient += pixelPitch)
            {
                (int left, int right) = s.ColumnsOf(column);
                TVector divisor = TSimd.Create(s.DivisorOf(row, column, bottom - top, right - left));
                for (nint c = 0; c < pixel; c += TSimd.Width)
                {
                    TVector share = TSimd.Divide(TSimd.Load(gradient + c), divisor);
                    float* line = to + (left * pixel) + c;
                    for (int h = bottom - top; h > 0; h--, line += valuesRow)
                    {
                        float* at = line;
                        for (int w = right - left; w > 0; w--, at += pixel)
                        {
                            TSimd.Store(at, share);
                        }
                    }
                }
            }
        }
    }

    /// <summary>Sets the gradient of what no window holds to zero, and perhaps that of the rest.</summary>
    internal static void Clear(in PoolingShape s, in BatchLanesChunk chunk, nint pixel, float* values)
    {
        bool isCovered = s.StrideHeight == s.KernelHeight && s.StrideWidth == s.KernelWidth
            && (s.OutputWidth * s.StrideWidth) - s.PaddingLeft >= s.InputWidth;
        if (!isCovered)
        {
            new Span<float>(values, checked((int)((chunk.To - chunk.From) * s.InputWidth * pixel))).Clear();
        }
    }
}
