using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise;

/// <summary>Y = f(A, B) or Y += f(A, B) for a term of one or two operands that lie as Y does, in parts of the elements.</summary>
internal unsafe struct ElementwiseLoop<TTerm> : ISimdTask
    where TTerm : struct, IElementTerm
{
    /// <summary>The first operand.</summary>
    public float* A;

    /// <summary>The second operand; not read where the term has one.</summary>
    public float* B;

    /// <summary>The output.</summary>
    public float* Y;

    /// <summary>All elements.</summary>
    public nint Count;

    /// <summary>The elements of an item.</summary>
    public nint Part;

    /// <summary>The term's constant.</summary>
    public float Alpha;

    /// <summary>Whether the result is added to what the output holds.</summary>
    public bool Accumulate;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
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
            TVector second = TTerm.Operands > 1 ? TSimd.Load(b + i) : alpha;
            TVector value = TTerm.Apply<TSimd, TVector>(TSimd.Load(a + i), second, alpha, alpha);
            Accumulation.Put<TSimd, TVector>(y + i, value, accumulate);
        }

        if (i < count)
        {
            nint rest = count - i;
            TVector second = TTerm.Operands > 1 ? TSimd.LoadPartial(b + i, rest) : alpha;
            TVector value = TTerm.Apply<TSimd, TVector>(TSimd.LoadPartial(a + i, rest), second, alpha, alpha);
            Accumulation.PutPartial<TSimd, TVector>(y + i, value, rest, accumulate);
        }
    }
}

/// <summary>Y = a constant, in parts of the elements.</summary>
internal unsafe struct FillLoop : ISimdTask
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
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
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
