namespace Microsoft.ML.ConvNet.Kernels.Simd;

/// <summary>
/// The float32 arithmetic of one vector width. A kernel is written once over <c>TSimd : ISimd&lt;TVector&gt;</c> and
/// instantiated for <see cref="Simd512"/>, <see cref="Simd256"/>, <see cref="Simd128"/> and <see cref="SimdScalar"/>.
/// </summary>
/// <remarks>
/// A comparison gives a mask: all bits of a lane set where it holds, none where it does not. Comparisons with NaN do not hold,
/// but for <see cref="IsNaN"/>. All pointers may be unaligned. What a tier decides beside its arithmetic stands here, too; which one
/// runs is decided in <see cref="SimdTier"/>.
/// </remarks>
/// <typeparam name="TVector">The vector: <c>Vector512&lt;float&gt;</c> ... <c>float</c>.</typeparam>
internal unsafe interface ISimd<TVector>
    where TVector : struct
{
    /// <summary>Lanes in a vector.</summary>
    static abstract int Width { get; }

    /// <summary>Whether the machine has vectors of this width, and they are worth using: known to the JIT.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Registers for vectors, 16 or 32.</summary>
    static abstract int Registers { get; }

    /// <summary>
    /// The most rows in each half of a tile of a matrix product, which is two vectors wide: as many sums as the registers hold beside
    /// what they are made of.
    /// </summary>
    static abstract int HalfTileRows { get; }

    /// <summary>All lanes zero.</summary>
    static abstract TVector Zero { get; }

    /// <summary>All lanes <paramref name="value"/>.</summary>
    static abstract TVector Create(float value);

    /// <summary>All lanes hold the 32 bits of <paramref name="value"/>; to be stored, selected and compared by bits only.</summary>
    static abstract TVector CreateBits(int value);

    /// <summary>The vector at <paramref name="from"/>.</summary>
    static abstract TVector Load(float* from);

    /// <summary>Writes all lanes.</summary>
    static abstract void Store(float* to, TVector value);

    /// <summary>
    /// The first <paramref name="count"/> lanes from memory, zero in the others; touches no memory behind them.
    /// 0 &lt; <paramref name="count"/> &lt;= <see cref="Width"/>.
    /// </summary>
    static abstract TVector LoadPartial(float* from, nint count);

    /// <summary>
    /// Writes the first <paramref name="count"/> lanes; touches no memory behind them.
    /// 0 &lt; <paramref name="count"/> &lt;= <see cref="Width"/>.
    /// </summary>
    static abstract void StorePartial(float* to, TVector value, nint count);

    /// <summary><c>left + right</c>.</summary>
    static abstract TVector Add(TVector left, TVector right);

    /// <summary><c>left - right</c>.</summary>
    static abstract TVector Subtract(TVector left, TVector right);

    /// <summary><c>left * right</c>.</summary>
    static abstract TVector Multiply(TVector left, TVector right);

    /// <summary><c>left / right</c>.</summary>
    static abstract TVector Divide(TVector left, TVector right);

    /// <summary><c>left * right + addend</c>, rounded once where the hardware fuses it, twice where it does not.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);

    /// <summary><c>addend - left * right</c>, rounded once where the hardware fuses it, twice where it does not.</summary>
    static abstract TVector MultiplyAddNegated(TVector left, TVector right, TVector addend);

    /// <summary>
    /// <c>left &gt; right ? left : right</c>. Where <paramref name="right"/> is NaN the result is NaN;
    /// where only <paramref name="left"/> is, the result is not defined.
    /// </summary>
    static abstract TVector Max(TVector left, TVector right);

    /// <summary>
    /// <c>left &lt; right ? left : right</c>. Where <paramref name="right"/> is NaN the result is NaN;
    /// where only <paramref name="left"/> is, the result is not defined.
    /// </summary>
    static abstract TVector Min(TVector left, TVector right);

    /// <summary><c>-value</c>: the sign bit turned.</summary>
    static abstract TVector Negate(TVector value);

    /// <summary>The absolute value: the sign bit cleared.</summary>
    static abstract TVector Abs(TVector value);

    /// <summary>The magnitude of <paramref name="magnitude"/> with the sign bit of <paramref name="sign"/>.</summary>
    static abstract TVector CopySign(TVector magnitude, TVector sign);

    /// <summary>The square root, correctly rounded.</summary>
    static abstract TVector Sqrt(TVector value);

    /// <summary>
    /// <c>value * 2^exponent</c> for a whole <paramref name="exponent"/> in [-252, 254], rounded once, subnormal results and overflow included.
    /// </summary>
    static abstract TVector ScaleByPowerOfTwo(TVector value, TVector exponent);

    /// <summary><c>2^exponent</c> for a whole <paramref name="exponent"/> in [-126, 127].</summary>
    static abstract TVector PowerOfTwo(TVector exponent);

    /// <summary>Where <c>left &gt; right</c>.</summary>
    static abstract TVector GreaterThan(TVector left, TVector right);

    /// <summary>Where <c>left &lt; right</c>.</summary>
    static abstract TVector LessThan(TVector left, TVector right);

    /// <summary>Where <c>left &lt;= right</c>.</summary>
    static abstract TVector LessThanOrEqual(TVector left, TVector right);

    /// <summary>Where <paramref name="value"/> is NaN.</summary>
    static abstract TVector IsNaN(TVector value);

    /// <summary>Where the 32 bits of both lanes are the same.</summary>
    static abstract TVector EqualBits(TVector left, TVector right);

    /// <summary>A mask of the first <paramref name="count"/> lanes.</summary>
    static abstract TVector FirstLanes(nint count);

    /// <summary>The union of two masks.</summary>
    static abstract TVector Or(TVector left, TVector right);

    /// <summary>The lanes of <paramref name="ifTrue"/> where the mask is set, of <paramref name="ifFalse"/> elsewhere.</summary>
    static abstract TVector Select(TVector mask, TVector ifTrue, TVector ifFalse);

    /// <summary>The value with the low 12 bits of its significand cleared, so that its square is exact.</summary>
    static abstract TVector ClearLowBits(TVector value);

    /// <summary>
    /// A positive normal value in two parts: the significand in [sqrt(1/2), sqrt(2)) that is returned, times 2^exponent. Of no meaning for
    /// other values.
    /// </summary>
    static abstract TVector SplitExponent(TVector value, out TVector exponent);

    /// <summary>The sum of all lanes, by halves: always in the same order.</summary>
    static abstract float Sum(TVector value);

    /// <summary>The largest lane; not defined where a lane is NaN.</summary>
    static abstract float MaxAcross(TVector value);

    /// <summary>
    /// Transposes a block of <see cref="Width"/> rows and columns: number j of the row i goes to number i of the row j. The rows are
    /// <paramref name="fromPitch"/> and <paramref name="toPitch"/> floats apart; the two blocks do not overlap.
    /// </summary>
    static abstract void Transpose(float* from, nint fromPitch, float* to, nint toPitch);

    /// <summary>
    /// The sum of all lanes of each of <see cref="Width"/> vectors that lie one behind the other: the first vector's in the first lane.
    /// Always in the same order.
    /// </summary>
    static abstract TVector SumEach(float* vectors);
}
