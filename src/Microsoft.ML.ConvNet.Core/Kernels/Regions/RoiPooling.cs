using Microsoft.ML.ConvNet.Kernels.Pooling;
using Microsoft.ML.ConvNet.Kernels.Simd;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Regions;

/// <summary>
/// Max pooling of the bins of boxes. Of equal elements the first in row-major order wins; NaN wins over all; a bin without elements
/// gives 0.
/// </summary>
internal static unsafe class RoiPooling
{
    /// <summary>y = the maxima, and their positions h W + w where <paramref name="indices"/> is given; -1 for none.</summary>
    public static void Forward(WorkerGang gang, in RoiShape shape, int batch, float* x, float* boxes, float* y, int* indices)
    {
        ForwardLoop loop = new() { Shape = shape, X = x, Boxes = boxes, Y = y, Indices = (float*)indices };
        SimdLoop.For(gang, batch * shape.Boxes, &loop, batch * (shape.InputLength + (2 * shape.OutputLength)));
    }

    /// <summary>dx = the sum of the gradients of the bins that an element won, in the order of the bins, or dx += it.</summary>
    public static void Backward(WorkerGang gang, in RoiShape shape, int batch, float* dy, int* indices, float* dx, bool accumulate)
    {
        BackwardLoop loop = new() { Shape = shape, Dy = dy, Indices = indices, Dx = dx, Accumulate = accumulate };
        SimdLoop.For(gang, batch * shape.Parts, &loop, batch * (shape.InputLength + (2 * shape.OutputLength)));
    }

    /// <summary>Sets some channels of an image to zero.</summary>
    internal static void Clear(in RoiShape shape, float* dx, int count)
    {
        for (int pixel = 0; pixel < shape.Height * shape.Width; pixel++)
        {
            new Span<float>(dx + ((nint)pixel * shape.Channels), count).Clear();
        }
    }

    private struct ForwardLoop : ISimdTask
    {
        public RoiShape Shape;
        public float* X;
        public float* Boxes;
        public float* Y;
        public float* Indices;

        public readonly void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            float* box = Boxes + (4 * (nint)item);
            int left = Rounded(box[0]);
            int top = Rounded(box[1]);
            int width = Math.Max(Rounded(box[2]) - left + 1, 1);
            int height = Math.Max(Rounded(box[3]) - top + 1, 1);
            float* x = X + (item / Shape.Boxes * Shape.InputLength);
            nint output = item * Shape.BoxLength;
            for (int row = 0; row < Shape.OutputHeight; row++)
            {
                (int fromRow, int toRow) = Bin(row, Shape.OutputHeight, top, height, Shape.Height);
                for (int column = 0; column < Shape.OutputWidth; column++, output += Shape.Channels)
                {
                    (int fromColumn, int toColumn) = Bin(column, Shape.OutputWidth, left, width, Shape.Width);
                    RunBin<TSimd, TVector>(x, fromRow, toRow, fromColumn, toColumn, output);
                }
            }
        }

        private readonly void RunBin<TSimd, TVector>(float* x, int top, int bottom, int left, int right, nint output)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            nint channels = Shape.Channels;
            bool isEmpty = top >= bottom || left >= right;
            int first = isEmpty ? -1 : (top * Shape.Width) + left;
            for (nint c = 0; c < channels; c += TSimd.Width)
            {
                nint count = nint.Min(TSimd.Width, channels - c);
                TVector best = isEmpty ? TSimd.Zero : TSimd.Create(float.NegativeInfinity);
                TVector index = TSimd.CreateBits(first);
                for (int h = top; h < bottom; h++)
                {
                    for (int w = left; w < right; w++)
                    {
                        int position = (h * Shape.Width) + w;
                        TVector larger = MaxPoolingLoop.Larger<TSimd, TVector>(TSimd.LoadPartial(x + (position * channels) + c, count), best);
                        index = TSimd.Select(TSimd.EqualBits(larger, best), index, TSimd.CreateBits(position));
                        best = larger;
                    }
                }

                TSimd.StorePartial(Y + output + c, best, count);
                if (Indices != null)
                {
                    TSimd.StorePartial(Indices + output + c, index, count);
                }
            }
        }

        private readonly int Rounded(float corner) => (int)Math.Round(Shape.Scaled(corner), MidpointRounding.AwayFromZero);

        private static (int From, int To) Bin(int bin, int bins, int start, int length, int limit)
        {
            long from = start + ((long)bin * length / bins);
            long to = start + Rounding.DivideUp((long)(bin + 1) * length, bins);
            return ((int)Math.Clamp(from, 0, limit), (int)Math.Clamp(to, 0, limit));
        }
    }

    // An item: some channels of the gradient of an image.
    private struct BackwardLoop : ISimdTask
    {
        public RoiShape Shape;
        public float* Dy;
        public int* Indices;
        public float* Dx;
        public bool Accumulate;

        public readonly void Run<TSimd, TVector>(int item, void* scratch)
            where TSimd : struct, ISimd<TVector>
            where TVector : struct
        {
            nint channels = Shape.Channels;
            (int image, int part) = Math.DivRem(item, Shape.Parts);
            int first = part * RoiShape.PartChannels;
            int count = Math.Min(RoiShape.PartChannels, Shape.Channels - first);
            float* dx = Dx + (image * Shape.InputLength) + first;
            if (!Accumulate)
            {
                Clear(Shape, dx, count);
            }

            nint end = (image + 1) * Shape.OutputLength;
            for (nint output = image * Shape.OutputLength; output < end; output += channels)
            {
                for (int c = 0; c < count; c++)
                {
                    int position = Indices[output + first + c];
                    if (position >= 0)
                    {
                        dx[(position * channels) + c] += Dy[output + first + c];
                    }
                }
            }
        }
    }
}
