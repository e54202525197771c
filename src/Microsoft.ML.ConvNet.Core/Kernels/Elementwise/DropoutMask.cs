using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Microsoft.ML.ConvNet.Threading;

namespace Microsoft.ML.ConvNet.Kernels.Elementwise;

/// <summary>
/// Which elements dropout keeps, as a function of the seed, the layer, the epoch, the sample and the element alone:
/// Philox4x32-10 (see <see cref="CounterRandom"/>), 16 blocks for a group of 64 elements. Word w of block b decides on element 16 w + b of the group.
/// </summary>
internal static unsafe class DropoutMask
{
    /// <summary>Elements of a group.</summary>
    public const int GroupLength = Blocks * Words;

    private const int Blocks = 16;
    private const int Words = 4;
    private const int LayerShift = 8;
    private const int Rounds = 10;
    private const uint MultiplierA = 0xD2511F53;
    private const uint MultiplierB = 0xCD9E8D57;
    private const uint WeylA = 0x9E3779B9;
    private const uint WeylB = 0xBB67AE85;

    /// <summary>The random words under which an element is dropped: rate 2^32, rounded.</summary>
    public static uint Threshold(float rate) => (uint)Math.Min(Math.Round(rate * 4294967296.0), uint.MaxValue);

    /// <summary>
    /// Writes the factors of a group's 64 elements: 0 for those dropped, <paramref name="scale"/> for those kept.
    /// </summary>
    public static void Fill(
        float* factors, ulong seed, uint group, uint layer, uint epoch, uint sample, uint threshold, float scale)
    {
        uint purpose = (uint)RandomPurpose.Dropout | (layer << LayerShift);
        if (Avx2.IsSupported)
        {
            FillVector(factors, seed, group, purpose, epoch, sample, threshold, scale);
            return;
        }

        for (uint block = 0; block < Blocks; block++)
        {
            (uint a, uint b, uint c, uint d) = CounterRandom.Block(seed, (group * Blocks) + block, purpose, epoch, sample);
            factors[block] = a >= threshold ? scale : 0f;
            factors[block + Blocks] = b >= threshold ? scale : 0f;
            factors[block + (2 * Blocks)] = c >= threshold ? scale : 0f;
            factors[block + (3 * Blocks)] = d >= threshold ? scale : 0f;
        }
    }

    // Four blocks a vector, each word in the low half of a 64-bit lane: the multiplication reads that half only,
    // and what gathers in the upper halves is dropped at the end.
    private static void FillVector(
        float* factors, ulong seed, uint group, uint purpose, uint epoch, uint sample, uint threshold, float scale)
    {
        Vector256<ulong> lanes = Vector256.Create(0ul, 1, 2, 3);
        for (int block = 0; block < Blocks; block += 8)
        {
            uint first = (group * Blocks) + (uint)block;
            Philox(
                lanes + Vector256.Create((ulong)first),
                seed,
                purpose,
                epoch,
                sample,
                out Vector256<ulong> a0,
                out Vector256<ulong> b0,
                out Vector256<ulong> c0,
                out Vector256<ulong> d0);
            Philox(
                lanes + Vector256.Create((ulong)first + 4),
                seed,
                purpose,
                epoch,
                sample,
                out Vector256<ulong> a1,
                out Vector256<ulong> b1,
                out Vector256<ulong> c1,
                out Vector256<ulong> d1);
            Decide(a0, a1, threshold, scale, factors + block);
            Decide(b0, b1, threshold, scale, factors + block + Blocks);
            Decide(c0, c1, threshold, scale, factors + block + (2 * Blocks));
            Decide(d0, d1, threshold, scale, factors + block + (3 * Blocks));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Decide(Vector256<ulong> lower, Vector256<ulong> upper, uint threshold, float scale, float* factors)
    {
        Vector256<uint> words = Vector256.Narrow(lower, upper);
        Vector256<uint> keep = Vector256.GreaterThanOrEqual(words, Vector256.Create(threshold));
        (keep.AsSingle() & Vector256.Create(scale)).Store(factors);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Philox(
        Vector256<ulong> counter,
        ulong seed,
        uint purpose,
        uint epoch,
        uint sample,
        out Vector256<ulong> a,
        out Vector256<ulong> b,
        out Vector256<ulong> c,
        out Vector256<ulong> d)
    {
        a = counter;
        b = Vector256.Create((ulong)purpose);
        c = Vector256.Create((ulong)epoch);
        d = Vector256.Create((ulong)sample);
        Vector256<uint> multiplierA = Vector256.Create((ulong)MultiplierA).AsUInt32();
        Vector256<uint> multiplierB = Vector256.Create((ulong)MultiplierB).AsUInt32();
        uint key0 = (uint)seed;
        uint key1 = (uint)(seed >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            Vector256<ulong> productA = Avx2.Multiply(a.AsUInt32(), multiplierA);
            Vector256<ulong> productB = Avx2.Multiply(c.AsUInt32(), multiplierB);
            a = Vector256.ShiftRightLogical(productB, 32) ^ b ^ Vector256.Create((ulong)key0);
            c = Vector256.ShiftRightLogical(productA, 32) ^ d ^ Vector256.Create((ulong)key1);
            b = productB;
            d = productA;
            key0 += WeylA;
            key1 += WeylB;
        }
    }
}
