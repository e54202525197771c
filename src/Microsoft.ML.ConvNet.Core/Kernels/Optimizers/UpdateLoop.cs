using System.Runtime.CompilerServices;
using Microsoft.ML.ConvNet.Kernels.Simd;

namespace Microsoft.ML.ConvNet.Kernels.Optimizers;

/// <summary>A part of the weights, one step of an optimizer further.</summary>
internal unsafe struct UpdateLoop<TRule> : ISimdTask
    where TRule : unmanaged, IUpdateRule
{
    /// <summary>The weights and what belongs to them.</summary>
    public UpdateTarget Target;

    /// <summary>The rule.</summary>
    public TRule Rule;

    /// <summary>The elements of an item.</summary>
    public nint Part;

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>(int item, void* scratch)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        nint end = nint.Min((item + 1) * Part, Target.Count);
        nint i = item * Part;
        for (; i <= end - TSimd.Width; i += TSimd.Width)
        {
            TVector slot0 = Target.Slot0 == null ? TSimd.Zero : TSimd.Load(Target.Slot0 + i);
            TVector slot1 = Target.Slot1 == null ? TSimd.Zero : TSimd.Load(Target.Slot1 + i);
            TVector slot2 = Target.Slot2 == null ? TSimd.Zero : TSimd.Load(Target.Slot2 + i);
            TVector w = Step<TSimd, TVector>(
                TSimd.Load(Target.Weights + i), TSimd.Load(Target.Gradient + i), ref slot0, ref slot1, ref slot2);
            TSimd.Store(Target.Weights + i, w);
            Keep<TSimd, TVector>(Target.Slot0, i, slot0);
            Keep<TSimd, TVector>(Target.Slot1, i, slot1);
            Keep<TSimd, TVector>(Target.Slot2, i, slot2);
        }

        nint rest = end - i;
        if (rest > 0)
        {
            TVector slot0 = Target.Slot0 == null ? TSimd.Zero : TSimd.LoadPartial(Target.Slot0 + i, rest);
            TVector slot1 = Target.Slot1 == null ? TSimd.Zero : TSimd.LoadPartial(Target.Slot1 + i, rest);
            TVector slot2 = Target.Slot2 == null ? TSimd.Zero : TSimd.LoadPartial(Target.Slot2 + i, rest);
            TVector w = Step<TSimd, TVector>(
                TSimd.LoadPartial(Target.Weights + i, rest), TSimd.LoadPartial(Target.Gradient + i, rest), ref slot0, ref slot1, ref slot2);
            TSimd.StorePartial(Target.Weights + i, w, rest);
            KeepPartial<TSimd, TVector>(Target.Slot0, i, slot0, rest);
            KeepPartial<TSimd, TVector>(Target.Slot1, i, slot1, rest);
            KeepPartial<TSimd, TVector>(Target.Slot2, i, slot2, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep<TSimd, TVector>(float* slot, nint i, TVector value)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (slot != null)
        {
            TSimd.Store(slot + i, value);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void KeepPartial<TSimd, TVector>(float* slot, nint i, TVector value, nint count)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        if (slot != null)
        {
            TSimd.StorePartial(slot + i, value, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly TVector Step<TSimd, TVector>(
        TVector w, TVector gradient, ref TVector slot0, ref TVector slot1, ref TVector slot2)
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        TVector g = TSimd.MultiplyAdd(w, TSimd.Create(Target.GradientDecay), gradient);
        if (Target.SignDecay != 0)
        {
            g = TSimd.MultiplyAdd(VectorMath.Sign<TSimd, TVector>(w), TSimd.Create(Target.SignDecay), g);
        }

        return Rule.Step<TSimd, TVector>(
            TSimd.Multiply(w, TSimd.Create(Target.WeightFactor)), g, ref slot0, ref slot1, ref slot2);
    }
}
