namespace Microsoft.ML.ConvNet.Threading;

/// <summary>
/// Random numbers without state: the numbers are a function of a key and a counter, so that they do not depend on the order
/// or the thread in which they are asked for. Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
/// 1, 2, 3", 2011).
/// </summary>
internal static class CounterRandom
{
    private const uint MultiplierA = 0xD2511F53;
    private const uint MultiplierB = 0xCD9E8D57;
    private const uint WeylA = 0x9E3779B9;
    private const uint WeylB = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>Four random words for a key and a counter of four words.</summary>
    public static (uint A, uint B, uint C, uint D) Block(ulong key, uint c0, uint c1, uint c2, uint c3)
    {
        uint k0 = (uint)key;
        uint k1 = (uint)(key >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong a = (ulong)MultiplierA * c0;
            ulong b = (ulong)MultiplierB * c2;
            uint n0 = (uint)(b >> 32) ^ c1 ^ k0;
            uint n2 = (uint)(a >> 32) ^ c3 ^ k1;
            c1 = (uint)b;
            c3 = (uint)a;
            c0 = n0;
            c2 = n2;
            k0 += WeylA;
            k1 += WeylB;
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>A number of [0, 1) from the upper 24 bits of a random word: every value a float between holds exactly.</summary>
    public static float ToUnit(uint word) => (word >> 8) * (1.0f / (1 << 24));
}
