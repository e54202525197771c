namespace Microsoft.ML.ConvNet.Kernels.Simd;

/// <summary>Constants of the binary32 format that the vector tiers share.</summary>
internal static class FloatingPoint
{
    /// <summary>1.5 * 2^23: adding it to a float of magnitude under 2^22 rounds to the nearest whole number, ties to even.</summary>
    public const float RoundingMagic = 12582912f;

    /// <summary>
    /// The rounding constant and the exponent bias, 127: added to a whole exponent, the low 9 bits of the sum's
    /// pattern are the biased exponent, which a shift by <see cref="SignificandBits"/> moves to its place.
    /// </summary>
    public const float BiasedRoundingMagic = RoundingMagic + 127f;

    /// <summary>Stored bits of the significand.</summary>
    public const int SignificandBits = 23;

    /// <summary>A mask that keeps the sign, the exponent and the 11 highest stored bits of the significand.</summary>
    public const int HighBits = unchecked((int)0xFFFFF000);

    /// <summary>The bits of the significand that are stored, as a mask.</summary>
    public const int StoredSignificand = (1 << SignificandBits) - 1;

    /// <summary>The pattern of sqrt(1/2), rounded to float32.</summary>
    public const int SqrtOfHalf = 0x3F3504F3;
}
