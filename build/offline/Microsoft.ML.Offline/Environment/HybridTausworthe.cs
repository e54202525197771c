#nullable disable
using System.Numerics;

namespace Microsoft.ML.Runtime;

/// <summary>
/// ML.NET's generator: three combined Tausworthe steps and a linear congruential one (L. Howes and D. Thomas, GPU Gems 3,
/// chapter 37, 2007), so that a seeded context draws the same numbers here as there.
/// </summary>
internal sealed class HybridTausworthe : Random
{
    private uint _z1;
    private uint _z2;
    private uint _z3;
    private uint _z4;

    public HybridTausworthe(uint seed)
    {
        _z1 = seed;
        _z2 = MurmurRound(_z1, seed);
        _z3 = MurmurRound(_z2, seed);
        _z4 = MurmurRound(_z3, seed);
    }

    public HybridTausworthe(Random source)
    {
        _z1 = DrawAtLeast128(source);
        _z2 = DrawAtLeast128(source);
        _z3 = DrawAtLeast128(source);
        _z4 = Draw(source);
    }

    public static HybridTausworthe Create(int? seed) =>
        seed is int value ? new HybridTausworthe((uint)value) : new HybridTausworthe(Shared);

    /// <summary>One round of MurmurHash3 (A. Appleby, 2011).</summary>
    public static uint MurmurRound(uint hash, uint chunk)
    {
        uint mixed = BitOperations.RotateLeft(chunk * 0xCC9E2D51, 15) * 0x1B873593;
        return (BitOperations.RotateLeft(hash ^ mixed, 13) * 5) + 0xE6546B64;
    }

    public override int Next()
    {
        uint bits = NextBits();
        return (int)(bits + (bits & 0x80000000U));
    }

    public override int Next(int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxValue);
        return (int)(((ulong)NextBits() * (ulong)maxValue) >> 32);
    }

    public override int Next(int minValue, int maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        return (int)((long)(NextDouble() * ((long)maxValue - minValue)) + minValue);
    }

    public override double NextDouble() => NextBits() * (1.0 / 4294967296.0);

    public override float NextSingle() => (NextBits() >> 9) * (1f / 8388608f);

    public override void NextBytes(byte[] buffer)
    {
        for (int i = 0; i < buffer.Length; i++)
        {
            buffer[i] = (byte)Next();
        }
    }

    protected override double Sample() => NextDouble();

    private static uint Draw(Random source) => ((uint)source.Next(0x10000) << 16) | (uint)source.Next(0x10000);

    private static uint DrawAtLeast128(Random source)
    {
        uint drawn;
        do
        {
            drawn = Draw(source);
        }
        while (drawn < 128);
        return drawn;
    }

    private static uint Step(uint z, int left, int right, int shift, uint mask) =>
        ((z & mask) << shift) ^ (((z << left) ^ z) >> right);

    private uint NextBits()
    {
        _z1 = Step(_z1, 13, 19, 12, ~1U);
        _z2 = Step(_z2, 2, 25, 4, ~7U);
        _z3 = Step(_z3, 3, 11, 17, ~15U);
        _z4 = (1664525 * _z4) + 1013904223;
        return _z1 ^ _z2 ^ _z3 ^ _z4;
    }
}
