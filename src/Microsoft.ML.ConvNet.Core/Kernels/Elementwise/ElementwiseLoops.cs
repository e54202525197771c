using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise;

/// <summary>Y = f(X), in parts of the elements.</summary>
internal unsafe struct UnaryLoop<TOperator> : ISimdLoop
    where TOperator : struct, IUnaryOperator
{
    /// <summary>The input.</summary>
    public float* X;

    /// <summary>The output.</summary>
    public float* Y;

    /// <summary>All elements.</summary>
    public nint Count;

    /// <summary>The elements of an item.</summary>
    public nint Part;

    /// <summary>The operator's constant.</summary>
    public float Alpha;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint start = item * Part;
        nint count = nint.Min(Part, Count - start);
        float* x = X + start;
        float* y = Y + start;
        TVector alpha = TSimd.Create(Alpha);
        nint i = 0;
        for (; i <= count - TSimd.Width; i += TSimd.Width)
        {
            TSimd.Store(y + i, TOperator.Apply<TSimd, TVector>(TSimd.Load(x + i), alpha));
        }

        if (i < count)
        {
            TVector last = TOperator.Apply<TSimd, TVector>(TSimd.LoadPartial(x + i, count - i), alpha);
            TSimd.StorePartial(y + i, last, count - i);
        }
    }
}

/// <summary>Y = f(A, B) or Y += f(A, B), in parts of the elements.</summary>
internal unsafe struct BinaryLoop<TOperator> : ISimdLoop
    where TOperator : struct, IBinaryOperator
{
    /// <summary>The first input.</summary>
    public float* A;

    /// <summary>The second input.</summary>
    public float* B;

    /// <summary>The output.</summary>
    public float* Y;

    /// <summary>All elements.</summary>
    public nint Count;

    /// <summary>The elements of an item.</summary>
    public nint Part;

    /// <summary>The operator's constant.</summary>
    public float Alpha;

    /// <summary>Whether the result is added to what the output holds.</summary>
    public bool Accumulate;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint start = item * Part;
        nint count = nint.Min(Part, Count - start);
        float* a = A + start;
        float* b = B + start;
        float* y = Y + start;
        bool accumulate = Accumulate;
        TVector alpha = TSimd.Create(Alpha);
        nint i = 0;
        for (; i <= count - TSimd.Width; i += TSimd.Width)
        {
            TVector value = TOperator.Apply<TSimd, TVector>(TSimd.Load(a + i), TSimd.Load(b + i), alpha);
            Accumulation.Put<TSimd, TVector>(y + i, value, accumulate);
        }

        if (i < count)
        {
            nint rest = count - i;
            TVector value = TOperator.Apply<TSimd, TVector>(
                TSimd.LoadPartial(a + i, rest), TSimd.LoadPartial(b + i, rest), alpha);
            Accumulation.PutPartial<TSimd, TVector>(y + i, value, rest, accumulate);
        }
    }
}

/// <summary>Y = a constant, in parts of the elements.</summary>
internal unsafe struct FillLoop : ISimdLoop
{
    /// <summary>The output.</summary>
    public float* Y;

    /// <summary>All elements.</summary>
    public nint Count;

    /// <summary>The elements of an item.</summary>
    public nint Part;

    /// <summary>The value to write.</summary>
    public float Value;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint start = item * Part;
        nint end = nint.Min(start + Part, Count);
        TVector value = TSimd.Create(Value);
        nint i = start;
        for (; i <= end - TSimd.Width; i += TSimd.Width)
        {
            TSimd.Store(Y + i, value);
        }

        if (i < end)
        {
            TSimd.StorePartial(Y + i, value, end - i);
        }
    }
}
