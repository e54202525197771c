using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Optimizers;

/// <summary>A part of the weights, one step of stochastic gradient descent further.</summary>
internal unsafe struct SgdLoop : ISimdTask
{
    /// <summary>The weights.</summary>
    public float* W;

    /// <summary>The gradient.</summary>
    public float* Gradient;

    /// <summary>The velocity, or null.</summary>
    public float* Velocity;

    /// <summary>All elements.</summary>
    public nint Count;

    /// <summary>The elements of an item.</summary>
    public nint Part;

    /// <summary>The learning rate.</summary>
    public float LearningRate;

    /// <summary>The momentum.</summary>
    public float Momentum;

    /// <summary>The weight decay.</summary>
    public float WeightDecay;

    /// <summary>Whether the momentum is Nesterov's.</summary>
    public bool Nesterov;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint end = nint.Min((item + 1) * Part, Count);
        nint i = item * Part;
        for (; i <= end - TSimd.Width; i += TSimd.Width)
        {
            TVector w = TSimd.Load(W + i);
            TVector velocity = Velocity == null ? TSimd.Zero : TSimd.Load(Velocity + i);
            w = Step<TSimd, TVector>(w, TSimd.Load(Gradient + i), ref velocity);
            TSimd.Store(W + i, w);
            if (Velocity != null)
            {
                TSimd.Store(Velocity + i, velocity);
            }
        }

        if (i < end)
        {
            nint rest = end - i;
            TVector w = TSimd.LoadPartial(W + i, rest);
            TVector velocity = Velocity == null ? TSimd.Zero : TSimd.LoadPartial(Velocity + i, rest);
            w = Step<TSimd, TVector>(w, TSimd.LoadPartial(Gradient + i, rest), ref velocity);
            TSimd.StorePartial(W + i, w, rest);
            if (Velocity != null)
            {
                TSimd.StorePartial(Velocity + i, velocity, rest);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly TVector Step<TSimd, TVector>(TVector w, TVector gradient, ref TVector velocity)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector direction = TSimd.MultiplyAdd(w, TSimd.Create(WeightDecay), gradient);
        if (Velocity != null)
        {
            TVector momentum = TSimd.Create(Momentum);
            velocity = TSimd.MultiplyAdd(velocity, momentum, direction);
            direction = Nesterov ? TSimd.MultiplyAdd(velocity, momentum, direction) : velocity;
        }

        return TSimd.MultiplyAddNegated(direction, TSimd.Create(LearningRate), w);
    }
}

/// <summary>A part of the weights, one step of Adam further.</summary>
internal unsafe struct AdamLoop : ISimdTask
{
    /// <summary>The weights.</summary>
    public float* W;

    /// <summary>The gradient.</summary>
    public float* Gradient;

    /// <summary>The first moment.</summary>
    public float* M;

    /// <summary>The second moment.</summary>
    public float* V;

    /// <summary>All elements.</summary>
    public nint Count;

    /// <summary>The elements of an item.</summary>
    public nint Part;

    /// <summary>The decay of the first moment.</summary>
    public float Beta1;

    /// <summary>1 - beta1, rounded once.</summary>
    public float OneMinusBeta1;

    /// <summary>The decay of the second moment.</summary>
    public float Beta2;

    /// <summary>1 - beta2, rounded once.</summary>
    public float OneMinusBeta2;

    /// <summary>What is added to the root of the second moment.</summary>
    public float Epsilon;

    /// <summary>The weight decay that is added to the gradient.</summary>
    public float GradientDecay;

    /// <summary>What the weights are multiplied by first.</summary>
    public float WeightFactor;

    /// <summary>The learning rate over 1 - beta1^step.</summary>
    public float StepSize;

    /// <summary>1 / sqrt(1 - beta2^step).</summary>
    public float RootCorrection;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint end = nint.Min((item + 1) * Part, Count);
        nint i = item * Part;
        for (; i <= end - TSimd.Width; i += TSimd.Width)
        {
            TVector m = TSimd.Load(M + i);
            TVector v = TSimd.Load(V + i);
            TVector w = Step<TSimd, TVector>(TSimd.Load(W + i), TSimd.Load(Gradient + i), ref m, ref v);
            TSimd.Store(W + i, w);
            TSimd.Store(M + i, m);
            TSimd.Store(V + i, v);
        }

        if (i < end)
        {
            nint rest = end - i;
            TVector m = TSimd.LoadPartial(M + i, rest);
            TVector v = TSimd.LoadPartial(V + i, rest);
            TVector w = Step<TSimd, TVector>(TSimd.LoadPartial(W + i, rest), TSimd.LoadPartial(Gradient + i, rest), ref m, ref v);
            TSimd.StorePartial(W + i, w, rest);
            TSimd.StorePartial(M + i, m, rest);
            TSimd.StorePartial(V + i, v, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly TVector Step<TSimd, TVector>(TVector w, TVector gradient, ref TVector m, ref TVector v)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector g = TSimd.MultiplyAdd(w, TSimd.Create(GradientDecay), gradient);
        m = TSimd.MultiplyAdd(m, TSimd.Create(Beta1), TSimd.Multiply(g, TSimd.Create(OneMinusBeta1)));
        v = TSimd.MultiplyAdd(v, TSimd.Create(Beta2), TSimd.Multiply(TSimd.Multiply(g, g), TSimd.Create(OneMinusBeta2)));
        TVector root = TSimd.MultiplyAdd(TSimd.Sqrt(v), TSimd.Create(RootCorrection), TSimd.Create(Epsilon));
        TVector change = TSimd.Divide(TSimd.Multiply(m, TSimd.Create(StepSize)), root);
        return TSimd.Subtract(TSimd.Multiply(w, TSimd.Create(WeightFactor)), change);
    }
}

/// <summary>A segment's sum of squares.</summary>
internal unsafe struct SumOfSquaresLoop : ISimdTask
{
    /// <summary>The elements.</summary>
    public float* X;

    /// <summary>The results, one a segment.</summary>
    public double* Sums;

    /// <summary>All elements.</summary>
    public nint Count;

    /// <summary>The elements of a segment.</summary>
    public nint SegmentLength;

    /// <summary>The elements that are summed in float32.</summary>
    public int BlockLength;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint end = nint.Min((item + 1) * SegmentLength, Count);
        double total = 0;
        for (nint start = item * SegmentLength; start < end; start += BlockLength)
        {
            total += Block<TSimd, TVector>(X + start, nint.Min(BlockLength, end - start));
        }

        Sums[item] = total;
    }

    private static float Block<TSimd, TVector>(float* x, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector sum0 = TSimd.Zero;
        TVector sum1 = TSimd.Zero;
        TVector sum2 = TSimd.Zero;
        TVector sum3 = TSimd.Zero;
        nint i = 0;
        for (; i <= count - (4 * TSimd.Width); i += 4 * TSimd.Width)
        {
            TVector x0 = TSimd.Load(x + i);
            TVector x1 = TSimd.Load(x + i + TSimd.Width);
            TVector x2 = TSimd.Load(x + i + (2 * TSimd.Width));
            TVector x3 = TSimd.Load(x + i + (3 * TSimd.Width));
            sum0 = TSimd.MultiplyAdd(x0, x0, sum0);
            sum1 = TSimd.MultiplyAdd(x1, x1, sum1);
            sum2 = TSimd.MultiplyAdd(x2, x2, sum2);
            sum3 = TSimd.MultiplyAdd(x3, x3, sum3);
        }

        for (; i < count; i += TSimd.Width)
        {
            TVector last = TSimd.LoadPartial(x + i, nint.Min(TSimd.Width, count - i));
            sum0 = TSimd.MultiplyAdd(last, last, sum0);
        }

        return TSimd.Sum(TSimd.Add(TSimd.Add(sum0, sum1), TSimd.Add(sum2, sum3)));
    }
}
